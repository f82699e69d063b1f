use std::time::Instant;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;

fn checked(new: &str, about: &[&str]) -> Result<(), Weak> {
    check(&new.into(), about)
}

#[test]
fn a_length_is_counted_in_characters_after_nfkc() {
    for (new, expected) in [
        (String::new(), Err(Weak::Short { characters: 0 })),
        ("zq8mw2kd5vx".to_owned(), Err(Weak::Short { characters: 11 })),
        ("zq8mw2kd5vxr".to_owned(), Ok(())),
        ("いろはにほへとちりぬる".to_owned(), Err(Weak::Short { characters: 11 })),
        ("いろはにほへとちりぬるを".to_owned(), Ok(())),
        // Half-width kana with its voicing mark is two code points, and one after NFKC.
        ("ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞ".to_owned(), Err(Weak::Short { characters: 11 })),
        ("ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞ".to_owned(), Ok(())),
        // 「㍿」 is one code point, and four after NFKC.
        ("㍿㍿青い".to_owned(), Err(Weak::Short { characters: 10 })),
        ("㍿㍿㍿".to_owned(), Ok(())),
        // Outside the basic plane a character has two UTF-16 units and counts once.
        ("🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔".to_owned(), Err(Weak::Short { characters: 11 })),
        ("ab ".repeat(42) + "x", Ok(())),
        ("ab ".repeat(42) + "xy", Ok(())),
        ("ab ".repeat(42) + "xyz", Err(Weak::Long { characters: 129 })),
        ("ｶﾞ".repeat(128), Ok(())),
        ("ｶﾞ".repeat(129), Err(Weak::Long { characters: 129 })),
    ] {
        assert_eq!(checked(&new, &[]), expected, "{new}");
    }
}

#[test]
fn common_passwords_are_refused_in_every_dress() {
    for new in [
        "qwertyuiop123",
        "1qaz2wsx3edc",
        "1QAZ2wsx3EDC",
        "123456789012",
        "111111111111",
        "password12345!",
        "PassWord12345!",
        "ｐａｓｓｗｏｒｄ１２３４５！",
        "2026!!password",
        "...password2026...",
        "qwerty-2026-12",
        "dragon123456",
        "administrator",
    ] {
        assert_eq!(checked(new, &[]), Err(Weak::Common), "{new}");
    }
    for new in [
        "pass12345word!",
        "password of mine",
        "correct horse battery staple",
        "dragon!flies!low",
        "１９２９４８５７２０３８",
    ] {
        assert_eq!(checked(new, &[]), Ok(()), "{new}");
    }
}

/// The binary search needs the order, and a line that no password can match would be dead weight.
#[test]
fn the_list_is_in_order_and_without_idle_entries() {
    assert!(COMMON.len() > 10_000, "{}", COMMON.len());
    assert!(COMMON.is_sorted_by(|a, b| a < b));
    for word in COMMON.iter() {
        assert!(word.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase()), "{word:?}");
        let is_bare = word.starts_with(char::is_alphabetic) && word.ends_with(char::is_alphabetic);
        assert!(word.len() >= LEAST || (word.len() >= 6 && is_bare), "{word:?}");
    }
}

#[test]
fn ones_own_words_are_refused() {
    const ABOUT: [&str; 6] = [
        "山田 太郎",
        "taro.yamada@example.co.jp",
        "株式会社みまもり商会",
        "Mimamori Shokai K.K.",
        "お助け隊サービス登録簿",
        "5010401012345",
    ];
    for new in [
        "taro.yamada@example.co.jp",
        "TaroYamada2026!!",
        "yamada-yamada-1",
        "ＹＡＭＡＤＡ　ＴＡＲＯ　１９８０",
        "株式会社みまもり商会26",
        "山田太郎山田太郎山田太郎",
        "お助け隊サービス登録簿2026",
        "mimamori12345",
        "5010401012345",
        "#5010401012345#",
    ] {
        assert_eq!(checked(new, &ABOUT), Err(Weak::OwnWords), "{new}");
        assert_eq!(checked(new, &[]), Ok(()), "{new} is refused for its words only");
    }
    for new in
        ["taro likes yakisoba", "yamadera2026!!", "tayamadaro-2026", "山田さんの青い自転車は速い", "938472610293"]
    {
        assert_eq!(checked(new, &ABOUT), Ok(()), "{new}");
    }
    // Words of one or two letters and short numbers say nothing about anybody.
    assert_eq!(checked("jp-8462-co-9917", &["a@b.co.jp"]), Ok(()));
    assert_eq!(checked("8462-2026-9917", &["2026"]), Ok(()));
    assert_eq!(checked("8462-9917-0012", &["", " ", "-"]), Ok(()));
}

#[test]
fn a_password_is_kept_as_argon2id_and_found_again() {
    let mut rng = StdRng::seed_from_u64(1);
    let password = Secret::from("青い自転車 Café ＡＢＣ");
    let stored = hash(&password, &mut rng);
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert!(verify(&stored, &password));
    assert!(verify(&stored, &"青い自転車 Cafe\u{301} ABC".into()), "the same in another spelling");
    for wrong in ["青い自転車 Cafe ABC", "青い自転車 Café abc", "青い自転車 Café ABC ", ""] {
        assert!(!verify(&stored, &wrong.into()), "{wrong}");
    }
    let again = hash(&password, &mut rng);
    assert_ne!(again, stored, "each has its own salt");
    assert!(verify(&again, &password));
}

#[test]
fn what_is_no_phc_string_is_nobodys_password() {
    for stored in ["", "hunter2", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abcdefghijklmnopqrstuv"] {
        assert!(!verify(stored, &stored.into()), "{stored}");
        assert!(needs_rehash(stored), "{stored}");
    }
}

/// From test.c of the reference implementation: "password" with "somesalt".
/// <https://github.com/P-H-C/phc-winner-argon2>
#[test]
fn hashes_of_the_reference_implementation_are_read() {
    for stored in [
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
    ] {
        assert!(verify(stored, &"password".into()), "{stored}");
        assert!(!verify(stored, &"Password".into()), "{stored}");
        assert!(needs_rehash(stored), "{stored}");
    }
}

#[test]
fn only_todays_parameters_need_no_new_hash() {
    const SALT_AND_HASH: &str = "c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    for (head, expected) in [
        ("$argon2id$v=19$m=19456,t=2,p=1", false),
        ("$argon2id$v=19$m=19455,t=2,p=1", true),
        ("$argon2id$v=19$m=19457,t=2,p=1", true),
        ("$argon2id$v=19$m=19456,t=1,p=1", true),
        ("$argon2id$v=19$m=19456,t=3,p=1", true),
        ("$argon2id$v=19$m=19456,t=2,p=2", true),
        ("$argon2id$v=16$m=19456,t=2,p=1", true),
        ("$argon2id$m=19456,t=2,p=1", true),
        ("$argon2i$v=19$m=19456,t=2,p=1", true),
    ] {
        assert_eq!(needs_rehash(&format!("{head}${SALT_AND_HASH}")), expected, "{head}");
    }
    let short = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5Q";
    assert!(needs_rehash(short), "16 bytes of hash");
}

/// Coarse, as other work disturbs it: without the hash the answer would come a thousand times sooner.
#[test]
fn nobody_takes_as_long_as_somebody() {
    let password = Secret::from("青い自転車は速い2026");
    let stored = hash(&password, &mut StdRng::seed_from_u64(1));
    let quickest = |work: &dyn Fn() -> bool| {
        let timed = |_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        };
        (0..5).map(timed).min()
    };
    let somebody = quickest(&|| verify(&stored, &password)).unwrap();
    let nobody = quickest(&|| verify_nobody(&password)).unwrap();
    assert!(!verify_nobody(&password));
    assert!(nobody > somebody / 4, "{nobody:?} {somebody:?}");
    assert!(somebody > nobody / 4, "{nobody:?} {somebody:?}");
}

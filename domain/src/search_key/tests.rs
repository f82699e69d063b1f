use proptest::prelude::*;

use super::{query_keys, search_key};

/// Each line holds spellings of one name.
const SAME: [&[&str]; 68] = [
    // Width and case.
    &["ABC", "ＡＢＣ", "abc", "ａｂｃ", "Abc"],
    &["PCセキュリティみまもりパック", "ＰＣセキュリティみまもりパック", "pcｾｷｭﾘﾃｨみまもりパック"],
    &["MS&ADインターリスク総研", "MS & AD インターリスク総研", "ＭＳ＆ＡＤインターリスク総研"],
    &["サービス", "ｻｰﾋﾞｽ", "さーびす"],
    &["ガギグ", "ｶﾞｷﾞｸﾞ", "か\u{3099}き\u{3099}く\u{3099}", "がぎぐ"],
    &["パピプ", "ﾊﾟﾋﾟﾌﾟ", "ぱぴぷ"],
    &["第1営業所", "第１営業所", "第①営業所"],
    &["㍻堂", "平成堂"],
    &["10㌔", "10キロ"],
    &["Ⅱ型", "II型", "ii型", "ｉｉ型"],
    &["Ōsaka", "Osaka", "OSAKA"],
    &["Café", "cafe", "Cafe\u{301}"],
    // Hiragana, katakana, small kana.
    &["みまもり", "ミマモリ", "ﾐﾏﾓﾘ"],
    &["キヤノン", "キャノン"],
    &["シヤチハタ", "シャチハタ"],
    &["霞ヶ関", "霞ケ関", "霞ｹ関"],
    &["つっぱり", "ツッパリ", "ツツパリ"],
    &["ヱビス", "エビス", "ゑびす"],
    &["ヰスキー", "イスキー"],
    // Repeats.
    &["佐々木", "佐佐木"],
    &["みすゞ", "ミスヾ", "みすず"],
    &["いすゞ", "イスズ"],
    &["こゝろ", "こころ"],
    // Spaces, punctuation, dashes, long vowels.
    &[
        "EDR運用監視サービス「ミハルとマモル」",
        "EDR 運用監視サービス ミハルとマモル",
        "ＥＤＲ運用監視サービス『ミハルとマモル』",
    ],
    &[
        "SOMPO SHERIFF（標準プラン）",
        "SOMPO SHERIFF 標準プラン",
        "sompo sheriff標準プラン",
        "ＳＯＭＰＯ　ＳＨＥＲＩＦＦ(標準プラン)",
    ],
    &["ミハル・マモル", "ミハルマモル", "ﾐﾊﾙ･ﾏﾓﾙ"],
    &["サーバー", "サーバ", "サーバ―", "サーバ-", "サ−バ"],
    &["セキュリティー", "セキュリティ"],
    &["コンピューター", "コンピュータ", "ｺﾝﾋﾟｭｰﾀｰ"],
    &["ラーメン", "ラ−メン", "ラ-メン", "ラ〜メン", "ラ～メン", "らーめん"],
    &["A-1", "A‐1", "A－1", "A―1", "Aー1", "A1"],
    &["ウイルスバスター", "ウィルスバスター"],
    &["大阪\u{3000}商会", "大阪 商会", "大阪商会", " 大阪商会 ", "大阪\u{a0}商会", "大阪\u{200b}商会"],
    &["O'Reilly", "O’Reilly", "OReilly"],
    // Legal forms.
    &[
        "株式会社テスト",
        "㈱テスト",
        "（株）テスト",
        "(株)テスト",
        "テスト株式会社",
        "テスト㈱",
        "テスト（株）",
        "株式会社 テスト",
        "テスト",
    ],
    &["株式會社テスト", "㍿テスト", "テスト"],
    &["有限会社テスト", "㈲テスト", "(有)テスト", "テスト"],
    &["合同会社テスト", "（同）テスト", "テスト"],
    &["合資会社テスト", "㈾テスト", "テスト"],
    &["合名会社テスト", "㈴テスト", "テスト"],
    &["一般社団法人テスト", "（一社）テスト", "テスト"],
    &["公益財団法人テスト", "(公財)テスト", "テスト"],
    &["社団法人テスト", "㈳テスト", "テスト"],
    &["財団法人テスト", "㈶テスト", "テスト"],
    &["学校法人テスト", "㈻テスト", "テスト"],
    &["独立行政法人情報処理推進機構", "(独)情報処理推進機構", "（独）情報処理推進機構", "情報処理推進機構"],
    &["特定非営利活動法人テスト", "NPO法人テスト", "ＮＰＯ法人テスト", "(特非)テスト", "テスト"],
    &["医療法人社団テスト会", "医療法人テスト会", "(医)テスト会", "テスト会"],
    &["有限責任監査法人テスト", "監査法人テスト", "テスト"],
    &["カブシキガイシャテスト", "カブシキカイシャ　テスト", "ｶﾌﾞｼｷｶﾞｲｼｬ ﾃｽﾄ", "かぶしきがいしゃてすと", "テスト"],
    &[
        "Test Co., Ltd.",
        "TEST CO.,LTD.",
        "Test Co Ltd",
        "Test Co.Ltd",
        "Ｔｅｓｔ　Ｃｏ．，Ｌｔｄ．",
        "Test Company Limited",
        "test",
    ],
    &["Test Inc.", "Test, Inc", "TEST INC", "test"],
    &["Test Corporation", "Test Corp.", "test"],
    &["Test K.K.", "Test KK", "Test Kabushiki Kaisha", "test"],
    &["Test LLC", "Test L.L.C.", "Test, LLC.", "test"],
    &["Test G.K.", "test"],
    &["テスト Co., Ltd.", "テストCo.,Ltd.", "株式会社テスト"],
    // Old and variant forms of kanji.
    &["髙橋", "高橋", "高𣘺", "髙槗"],
    &["山﨑", "山崎", "山嵜"],
    &["渡邊", "渡邉", "渡辺", "渡邉\u{e0100}", "渡邊\u{e0103}"],
    &["澤田", "沢田"],
    &["濱田", "濵田", "浜田"],
    &["𠮷野家", "吉野家"],
    &["廣島國際學會", "広島国際学会"],
    &["眞實堂", "真実堂"],
    &["德惠", "徳恵"],
    &["中嶋", "中島", "中嶌"],
    &["神社\u{fe00}", "神社", "神社"],
];

/// Two names each that only look or sound alike.
const DIFFERENT: [(&str, &str); 20] = [
    ("ビール", "ビル"),
    ("コース", "コス"),
    ("斎藤", "斉藤"),
    ("カ", "力"),
    ("ロ", "口"),
    ("一番", "ー番"),
    ("ハ", "パ"),
    ("ハ", "バ"),
    ("サービス1", "サービス2"),
    ("碕", "崎"),
    ("Zinc", "Z"),
    ("Tesco", "Tes"),
    ("Inca", "a"),
    ("Lincoln", "Lin"),
    ("大阪商工会議所", "東京商工会議所"),
    ("防検サイバー", "防検サーバー"),
    ("会社", ""),
    ("株", ""),
    ("法人営業", "営業"),
    ("同志社", "志社"),
];

#[test]
fn every_spelling_of_a_name_has_one_key() {
    for spellings in SAME {
        for spelling in spellings {
            assert_eq!(search_key(spelling), search_key(spellings[0]), "{spelling} and {}", spellings[0]);
            assert!(!search_key(spelling).is_empty());
        }
    }
    let pairs: usize = SAME.iter().map(|spellings| spellings.len() - 1).sum();
    assert!(pairs >= 60, "{pairs} pairs");
}

#[test]
fn names_that_only_look_alike_stay_apart() {
    for (one, other) in DIFFERENT {
        assert_ne!(search_key(one), search_key(other), "{one} and {other}");
    }
}

/// What the key is made of, so that a change of the pipeline, which means indexing anew, is seen.
#[test]
fn keys_are_what_they_are() {
    for (name, key) in [
        ("商工会議所サイバーセキュリティお助け隊サービス", "商工会議所サイバーセキユリテイオ助ケ隊サービス"),
        ("㈱ＰＦＵ", "pfu"),
        ("株式会社デジタルハーツ", "デジタルハーツ"),
        ("SOMPO リスクマネジメント株式会社", "sompoリスクマネジメント"),
        // Nothing but a legal form or punctuation: kept, so that it can be found at all.
        ("株式会社", "株式会社"),
        ("Inc.", "inc"),
        ("★★", "★★"),
        (" \u{3000}\t", ""),
        ("", ""),
    ] {
        assert_eq!(search_key(name), key, "{name}");
    }
}

/// Every query finds the name beside it: the name's key holds each of the query's.
#[test]
fn a_query_is_looked_for_word_by_word() {
    for (query, name, keys) in [
        ("株式会社 PFU", "株式会社PFU", vec!["pfu"]),
        ("㈱ ＰＦＵ", "株式会社PFU", vec!["pfu"]),
        ("みまもり　ＰＣ", "PCセキュリティみまもりパック", vec!["ミマモリ", "pc"]),
        ("Test Co., Ltd.", "テスト（Test）", vec!["test"]),
        ("SOMPO - SHERIFF", "SOMPO SHERIFF（標準プラン）", vec!["sompo", "sheriff"]),
        ("サーバー 監視", "サーバ監視サービス", vec!["サーバ", "監視"]),
        ("山﨑 髙", "高山崎", vec!["山崎", "高"]),
    ] {
        assert_eq!(query_keys(query), keys, "{query}");
        assert!(keys.iter().all(|key| search_key(name).contains(key)), "{query} finds {name}");
    }
    assert_eq!(query_keys("株式会社"), ["株式会社"]);
    assert!(query_keys(" 　").is_empty());
}

fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => any::<char>().prop_map(String::from),
        3 => prop::char::range('ぁ', 'ヿ').prop_map(String::from),
        1 => prop::char::range('\u{ff01}', '\u{ff9f}').prop_map(String::from),
        3 => prop::sample::select(vec![
            "株式会社", "株式", "会社", "㈱", "(株)", "(", ")", "株", "一般社団法人", "社団", "Co., Ltd.", "co", "ltd", "inc", ".", ",",
            " ", "　", "ー", "-", "〜", "々", "ゝ", "ゞ", "髙", "﨑", "𠮷", "邉\u{e0100}", "サーバー", "İ", "ß", "ﷺ", "㍿", "\u{3099}",
            "\u{fe00}", "가", "\u{1100}", "\u{1161}", "a", "k.k.",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// A key is its own key.
    #[test]
    fn a_key_is_its_own_key(name in name()) {
        let key = search_key(&name);
        prop_assert_eq!(search_key(&key), key);
    }

    /// Spaces make no difference between kanji and kana, wherever they stand.
    #[test]
    fn spaces_between_kanji_and_kana_make_no_difference(name in "[ア-ンー亜-腕髙﨑]{1,8}", at in 0usize..8) {
        let mut spaced: Vec<char> = name.chars().collect();
        spaced.insert(at.min(spaced.len()), '　');
        prop_assert_eq!(search_key(&spaced.into_iter().collect::<String>()), search_key(&name));
    }
}

//! PDF, with objects in the open and packed.

use super::*;

/// A PDF of these objects, with a table of cross-references as old programs write it.
fn pdf(objects: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        bytes.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let trailer = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    bytes.extend_from_slice(trailer.as_bytes());
    bytes
}

const CATALOG: &[u8] = b"<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &[u8] = b"<</Type/Pages/Count 2/Kids[<</Type/Pages/Count 1/Kids[3 0 R]>> 3 0 R]>>";
const PAGE: &[u8] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{dictionary}/Length {}>>\nstream\r\n", data.len());
    join(&[head.as_bytes(), data, b"\nendstream"])
}

/// A PDF as newer programs write it: its objects packed into one stream.
fn packed(objects: &str) -> Vec<u8> {
    pdf(&[CATALOG, &stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &zlib(objects.as_bytes()))])
}

#[tokio::test]
async fn pdf_files() {
    let good = |pages| Ok((Media::Pdf, pages));
    let whole = pdf(&[CATALOG, PAGES, PAGE]);
    let with = |object: &[u8]| pdf(&[CATALOG, PAGES, PAGE, object]);
    let of_page = |kind: &str| with(format!("<</Type/Action/S{kind}>>").as_bytes());
    let bomb = zlib(&vec![b' '; 210_000_000]);
    check(&[
        ("with a table", whole.clone(), good(Some(2))),
        ("with packed objects", packed("2 0 <</Type/Pages/Count 17/Kids[]>>"), good(Some(17))),
        (
            "packed in an array of one filter",
            pdf(&[
                CATALOG,
                &stream("/Type/ObjStm/N 1/First 4/Filter[/FlateDecode]", &zlib(b"2 0 <</Type /Pages /Count 3>>")),
            ]),
            good(Some(3)),
        ),
        ("without pages that can be counted", pdf(&[CATALOG]), good(None)),
        ("version 2.0", join(&[b"%PDF-2.0\n", &whole[9..]]), good(Some(2))),
        ("with blanks at its end", join(&[&whole, b"\r\n\0\0"]), good(Some(2))),
        ("in a text", with(b"(\\) /Count 9 << ( >> )"), good(Some(2))),
        ("in a comment", with(b"%<</Type/Pages/Count 9>>\nnull"), good(Some(2))),
        (
            "in a stream that holds a text",
            with(&stream("/Filter/FlateDecode", &zlib(b"<</Type/Pages/Count 9>>"))),
            good(Some(2)),
        ),
        ("JavaScript", of_page("/JavaScript/JS(app.alert)"), Err(NotTaken::Active)),
        ("JavaScript by another spelling", of_page("/J#61vaScr#69pt/JS(app.alert)"), Err(NotTaken::Active)),
        ("JavaScript at the very end of a packed object", packed("2 0 <</S/JavaScript"), Err(NotTaken::Active)),
        ("JavaScript in a packed object", packed("2 0 <</S /JavaScript /JS (x)>>"), Err(NotTaken::Active)),
        (
            "JavaScript where a table could lead",
            with(&stream("", b"9 0 obj<</S/JavaScript/JS(x)>>endobj")),
            Err(NotTaken::Active),
        ),
        ("a launch", of_page("/Launch/F(cmd.exe)"), Err(NotTaken::Active)),
        ("a form that sends itself", of_page("/SubmitForm/F(http://192.0.2.1)"), Err(NotTaken::Active)),
        ("another file in it", with(&stream("/Type/EmbeddedFile", b"MZ")), Err(NotTaken::Attachments)),
        ("encrypted", pdf(&[CATALOG, PAGES, b"<</Encrypt 3 0 R>>"]), Err(NotTaken::Encrypted)),
        (
            "encrypted and packed",
            pdf(&[CATALOG, &stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", b"\x99\x88"), b"<</Encrypt 3 0 R>>"]),
            Err(NotTaken::Encrypted),
        ),
        (
            "objects packed in a way that hides them",
            pdf(&[CATALOG, &stream("/Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]", b"00")]),
            Err(NotTaken::Broken),
        ),
        (
            "the same without saying what it is",
            pdf(&[CATALOG, &stream("/N 1/First 4/Filter/LZWDecode", b"00")]),
            Err(NotTaken::Broken),
        ),
        (
            "packed objects that are cut short",
            pdf(&[CATALOG, &stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &zlib(b"2 0 <</Type/Pages>>")[..9])]),
            Err(NotTaken::Broken),
        ),
        (
            "packed objects without end",
            pdf(&[CATALOG, &stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &bomb)]),
            Err(NotTaken::Bomb),
        ),
        ("cut short", whole[..whole.len() - 7].to_vec(), Err(NotTaken::Broken)),
        ("of no known version", join(&[b"%PDF-9.9\n", &whole[9..]]), Err(NotTaken::Broken)),
        ("with a program behind it", join(&[&whole, b"MZ\x90"]), Err(NotTaken::Mixed)),
        ("with an archive behind it", join(&[&whole, &zip(&[("a", b"b")])]), Err(NotTaken::Mixed)),
        ("behind a picture's beginning", join(&[b"GIF89a;", &whole]), Err(NotTaken::Mixed)),
        ("behind text", join(&[b"a,b\n", &whole]), Err(NotTaken::Mixed)),
    ])
    .await;
}

/// Wherever a piece ends, the same is found.
#[tokio::test]
async fn pdf_files_of_many_pieces() {
    for padding in (65_536 - 200..65_536).step_by(7) {
        let fill = stream("", &vec![b'e'; padding]);
        let bytes = pdf(&[
            CATALOG,
            PAGES,
            PAGE,
            &fill,
            &stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &zlib(b"2 0 <</Type/Pages/Count 5>>")),
        ]);
        assert_eq!(found(&bytes).await.unwrap().pages, Some(5), "{padding}");
        let bytes = pdf(&[CATALOG, PAGES, PAGE, &fill, b"<</S/JavaScript/JS(x)>>"]);
        assert_eq!(found(&bytes).await.unwrap_err(), NotTaken::Active, "{padding}");
    }
}

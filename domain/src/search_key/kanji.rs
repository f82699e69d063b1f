//! Old and variant forms of kanji, folded to the form of today.
//!
//! Only forms of one character are folded. 斎 and 斉 are two characters in the list of 常用漢字 (with 齋 and 齊 as their
//! old forms), and so are 崎 and 碕: they stay apart. Forms that NFKC folds by itself (社 U+FA4C) are not listed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// 常用漢字表（平成22年内閣告示第2号）: today's form, then the old forms 「いわゆる康熙字典体」 that the table has in brackets.
const JOYO: &str = "\
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 欧歐 殴毆 桜櫻 奥奧 横橫 温溫 穏穩 仮假 \
価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂 渇渴 缶罐 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀 気氣 帰歸 亀龜 \
偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉 区區 駆驅 勲勳 薫薰 径徑 茎莖 恵惠 掲揭 渓溪 経經 蛍螢 軽輕 継繼 \
鶏鷄 芸藝 撃擊 欠缺 研硏 県縣 倹儉 剣劍 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 広廣 効效 恒恆 黄黃 鉱鑛 号號 国國 黒黑 砕碎 \
済濟 斎齋 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 写寫 釈釋 寿壽 収收 従從 渋澁 獣獸 縦縱 粛肅 \
処處 緒緖 叙敍 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 \
尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 斉齊 静靜 窃竊 摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 \
争爭 荘莊 捜搜 挿插 巣巢 曽曾 痩瘦 装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 \
担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡 虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 勅敕 鎮鎭 逓遞 鉄鐵 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 \
稲稻 闘鬭 徳德 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 晩晚 秘祕 浜濱 瓶甁 払拂 仏佛 併倂 \
並竝 餅餠 辺邊 変變 弁辨瓣辯 歩步 宝寶 豊豐 褒襃 翻飜 毎每 万萬 満滿 黙默 麺麵 弥彌 戻戾 訳譯 薬藥 与與 予豫 余餘 誉譽 揺搖 \
様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 涙淚 励勵 礼禮 暦曆 歴歷 霊靈 齢齡 恋戀 錬鍊 炉爐 労勞 楼樓 郎郞 録錄 \
湾灣";

/// 戸籍法施行規則別表第二（人名用漢字の表）: names' kanji which that table prints in two forms.
const NAMES: &str = "\
亘亙 凜凛 尭堯 巌巖 晃晄 桧檜 槙槇 祢禰 禄祿 穣穰 萌萠 遥遙";

/// Forms of characters outside those tables that differ in design alone and are coded apart in JIS X 0213 or Unicode: the
/// simpler forms of JIS X 0208 beside those of 表外漢字字体表（平成12年国語審議会答申）.
const CODED_APART: &str = "\
悦悅 閲閱 鋭銳 税稅 説說 脱脫 顔顏 産產 彦彥 教敎 強强 呉吳 娯娛 青靑 清淸 絶絕 内內 姫姬 戸戶 舎舍 没沒 尚尙 別别 呂吕 冊册 \
姉姊 瑶瑤 填塡 剥剝 頬頰 叱𠮟 隷隸 舗舖 壷壺 掴摑 躯軀 蝉蟬 箪簞 顛顚 涜瀆 溌潑 撹攪 麹麴 鹸鹼 噛嚙 掻搔 呑吞 繋繫 頚頸 賎賤 \
迩邇 蝿蠅 侭儘 唖啞 頴穎 潅灌 諌諫 薮藪 鴬鶯 梼檮 砺礪 靭靱 竃竈 鯵鰺 蛎蠣 芦蘆 鴎鷗 祷禱 涛濤 蝋蠟 醤醬 倶俱 侠俠 屏屛 并幷 \
焔焰 莱萊 蒋蔣 繍繡 嘘噓 晋晉 昂昻";

/// Variants 「異体字」 common in the names of families, places and companies which none of these lists prints.
const FAMILY_NAMES: &str = "\
高髙 崎﨑嵜 吉𠮷 土圡𡈽 辺邉 浜濵 島嶋嶌 橋槗𣘺 柳栁桺 桑桒 富冨 野埜 館舘 船舩 秋穐龝 喜㐂 涼凉 峰峯 杯盃 剣劔劒 鉱礦 鶴靏靍 \
国圀 枡桝 昇曻 鉄鉃 叙敘 闘鬪";

/// Variant to today's form.
static CURRENT: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| groups().flat_map(variants_of).collect());

/// Every group of forms of one character, today's first.
fn groups() -> impl Iterator<Item = &'static str> {
    [JOYO, NAMES, CODED_APART, FAMILY_NAMES].into_iter().flat_map(str::split_whitespace)
}

/// The pairs of a group: each later form with the first.
fn variants_of(group: &str) -> impl Iterator<Item = (char, char)> {
    let current = group.chars().next();
    group.chars().skip(1).filter_map(move |variant| Some((variant, current?)))
}

/// Today's form of a kanji; every other character as it is.
pub(super) fn current_form(c: char) -> char {
    if c.is_ascii() { c } else { CURRENT.get(&c).copied().unwrap_or(c) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_normalization::UnicodeNormalization;

    use super::*;

    /// A variant has one form of today, which is itself no variant, and none is what NFKC folds anyway.
    #[test]
    fn folding_takes_one_step() {
        let mut seen = BTreeSet::new();
        for (variant, current) in groups().flat_map(variants_of) {
            assert!(seen.insert(variant), "{variant} stands twice");
            assert!(!CURRENT.contains_key(&current), "{current} is a variant of something else");
            assert_eq!(String::from(variant).nfkc().collect::<String>(), String::from(variant), "{variant}");
        }
        assert!(groups().all(|group| group.chars().count() >= 2));
        assert_eq!(CURRENT.len(), seen.len());
    }

    #[test]
    fn characters_of_their_own_stay_apart() {
        for c in "斎斉崎碕渡度太大ー一ニ二カ力ロ口".chars() {
            assert_eq!(current_form(c), c);
        }
    }
}

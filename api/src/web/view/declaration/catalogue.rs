//! Every field of the declaration, in the order in which it is asked: the form, the reading of what was posted, the
//! showing of what was declared and the naming of errors all follow this list.

use std::borrow::Cow::Borrowed;

use domain::criteria::CriterionId;
use domain::declaration::{Class, Kind};

use super::step::Step;
use crate::web::view::form::{Choice, Field, Input, Width};

/// Fields that are asked together.
#[derive(Debug)]
pub struct Section {
    pub step: Step,
    /// The id of its heading.
    pub id: &'static str,
    pub title: &'static str,
    pub help: &'static str,
    pub fields: &'static [Field],
    /// The criteria that these fields speak of.
    pub criteria: &'static [CriterionId],
    pub when: When,
    /// The fields are asked again for each entry of the list at this pointer.
    pub list: Option<&'static str>,
}

impl Section {
    /// The class by which the stylesheet hides it from services of which it is not asked.
    pub fn only(&self) -> &'static str {
        match self.when {
            When::Always => "always",
            When::Kind(kinds) if kinds.contains(&Kind::Network) => "if-network",
            When::Kind(_) => "if-endpoint",
            When::Class(_) => "if-2",
        }
    }
}

/// Of which services a section is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Always,
    Kind(&'static [Kind]),
    Class(Class),
}

use CriterionId as C;
use Input::{Kana, Line, Lines, Number, YesNo};
use Width::{Full, Middle, Narrow};

const KINDS: &[Choice] = &[
    (Borrowed("network"), Borrowed("ネットワーク一括監視型")),
    (Borrowed("endpoint"), Borrowed("端末監視型")),
    (Borrowed("combined"), Borrowed("併用型")),
];
const EXPLAINED: &[Choice] = &[
    (Borrowed("orally"), Borrowed("口頭で説明する")),
    (Borrowed("in_writing"), Borrowed("書面で説明する")),
    (Borrowed("orally_and_in_writing"), Borrowed("口頭と書面で説明する")),
    (Borrowed("not_explained"), Borrowed("説明していない")),
];
const CHARGES: &[Choice] = &[
    (Borrowed("monthly"), Borrowed("月額")),
    (Borrowed("monthly_per_endpoint"), Borrowed("端末1台あたり月額")),
    (Borrowed("initial"), Borrowed("初期費用")),
    (Borrowed("optional"), Borrowed("任意（希望者だけ）")),
];
const AUDIENCES: &[Choice] = &[
    (Borrowed("anyone"), Borrowed("だれでも")),
    (Borrowed("member"), Borrowed("会員")),
    (Borrowed("non_member"), Borrowed("非会員")),
];
const TAXES: &[Choice] = &[(Borrowed("excluded"), Borrowed("税抜")), (Borrowed("included"), Borrowed("税込"))];
const CRITERIA: &[Choice] = &[
    (Borrowed("help_desk"), Borrowed("相談窓口")),
    (Borrowed("network_monitoring"), Borrowed("異常の監視（ネットワーク一括監視型）")),
    (Borrowed("endpoint_monitoring"), Borrowed("異常の監視（端末監視型）")),
    (Borrowed("emergency_response"), Borrowed("緊急時の対応支援")),
    (Borrowed("simplicity"), Borrowed("導入・運用できる簡単さ")),
    (Borrowed("network_price"), Borrowed("価格（ネットワーク一括監視型）")),
    (Borrowed("endpoint_price"), Borrowed("価格（端末監視型）")),
    (Borrowed("combined_price"), Borrowed("価格（併用型）")),
    (Borrowed("minimum_term"), Borrowed("最低契約年数")),
    (Borrowed("disclosure"), Borrowed("契約条件の説明")),
    (Borrowed("insurance"), Borrowed("簡易サイバー保険")),
    (Borrowed("one_package"), Borrowed("ワンパッケージ")),
    (Borrowed("experience"), Borrowed("実績")),
    (Borrowed("information_sharing"), Borrowed("情報共有")),
    (Borrowed("continuity"), Borrowed("事業継続性")),
    (Borrowed("renewal"), Borrowed("更新")),
    (Borrowed("consulting"), Borrowed("コンサルティング")),
];

const NUMBER_HELP: &str =
    "13桁の数字。全角・半角、ハイフンや空白が入っていてもかまいません。個人事業主は空けておきます。";
const KANA_HELP: &str = "ひらがなで入れてもカタカナに直します。";
const ASKED_OF_ENDPOINTS: &str = "端末監視型と併用型のときに答えてください。";

/// The whole declaration.
pub static SECTIONS: &[Section] = &[
    Section {
        step: Step::Applicant,
        id: "provider",
        title: "提供する事業者",
        help: "",
        fields: &[
            Field::optional("/provider/legalEntityNumber", "法人番号", NUMBER_HELP, Input::CorporateNumber),
            Field::required(
                "/provider/tradeName",
                "商号または名称",
                "登録簿に、この通りに表示されます。",
                Line(Middle),
            ),
            Field::required("/provider/tradeNameKana", "商号または名称のフリガナ", KANA_HELP, Kana),
            Field::required(
                "/provider/postalCode",
                "郵便番号",
                "7桁。ハイフンはあってもなくてもかまいません。",
                Input::PostalCode,
            ),
            Field::required("/provider/prefecture", "都道府県", "", Input::Prefecture),
            Field::required("/provider/address", "市区町村・町名・番地", "", Line(Full)),
            Field::required("/provider/telephone", "電話番号", "", Input::Telephone),
        ],
        criteria: &[],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Service,
        id: "service",
        title: "サービス",
        help: "",
        fields: &[
            Field::required(
                "/service/name",
                "サービス名",
                "登録簿とマークの確認画面に、この通りに表示されます。",
                Line(Middle),
            ),
            Field::required("/service/nameKana", "サービス名のフリガナ", KANA_HELP, Kana),
            Field::required(
                "/service/class",
                "類",
                "2類には、1類で2年以上の登録と提供の実績が要ります。",
                Input::Class,
            ),
            Field::required("/service/kind", "監視の種類", "", Input::OneOf(Borrowed(KINDS))),
            Field::required(
                "/service/summary",
                "サービスの概要",
                "利用する中小企業に分かる言葉で書いてください。",
                Lines,
            ),
            Field::required(
                "/service/startedOn",
                "提供を始めた日（始める日）",
                "例：2026年4月1日。年には「令和8」とも書けます。",
                Input::Day,
            ),
            Field::required(
                "/service/regions",
                "提供する地域",
                "利用企業が使える都道府県をすべて選んでください。",
                Input::Prefectures,
            ),
        ],
        criteria: &[],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Terms,
        id: "prices",
        title: "料金",
        help: "料金表の行ごとに入れてください。使わない行は空けておきます。",
        fields: &[
            Field::required("/label", "料金の名前", "", Line(Middle)),
            Field::required("/charge", "料金の種類", "", Input::Select(Borrowed(CHARGES))),
            Field::required("/audience", "対象", "", Input::Select(Borrowed(AUDIENCES))),
            Field::required("/amount/yen", "金額", "コンマや「円」は自動で取り除きます。", Input::Yen),
            Field::required("/amount/tax", "税", "", Input::Select(Borrowed(TAXES))),
            Field::optional("/amount/taxRatePercent", "税率", "税込のときに入れてください。", Number("％")),
        ],
        criteria: &[C::NetworkPrice, C::EndpointPrice, C::CombinedPrice, C::Disclosure],
        when: When::Always,
        list: Some("/prices"),
    },
    Section {
        step: Step::Terms,
        id: "contract",
        title: "契約の条件",
        help: "",
        fields: &[
            Field::required(
                "/contract/minimumTermMonths",
                "最低契約期間",
                "定めがなければ0を入れてください。",
                Number("か月"),
            ),
            Field::required(
                "/contract/conditionsInTerms",
                "初期費用・契約年数などの条件を規約に書いていますか",
                "",
                YesNo,
            ),
            Field::blank(
                "/contract/termsClause",
                "条件を書いた規約の条項",
                "「はい」のときは必ず書いてください。例：利用規約 第5条",
                Line(Middle),
            ),
            Field::required("/contract/explained", "条件の説明のしかた", "", Input::OneOf(Borrowed(EXPLAINED))),
        ],
        criteria: &[C::MinimumTerm, C::Disclosure],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Terms,
        id: "endpoints",
        title: "契約できる端末数",
        help: ASKED_OF_ENDPOINTS,
        fields: &[Field::required("/contract/minimumEndpoints", "契約できる最少の端末数", "", Number("台"))],
        criteria: &[C::EndpointPrice, C::CombinedPrice],
        when: When::Kind(&[Kind::Endpoint, Kind::Combined]),
        list: None,
    },
    Section {
        step: Step::Service,
        id: "help-desk",
        title: "相談窓口",
        help: "",
        fields: &[
            Field::required(
                "/helpDesk/isSingleWindow",
                "すべての相談を一つの窓口で受け付け、または案内しますか",
                "",
                YesNo,
            ),
            Field::required("/helpDesk/coversIntroduction", "導入の相談を受けますか", "", YesNo),
            Field::required("/helpDesk/coversOperation", "運用の相談を受けますか", "", YesNo),
            Field::required("/helpDesk/hours", "受付時間", "例：平日9時から17時30分まで", Line(Middle)),
            Field::required("/helpDesk/telephone", "窓口の電話番号", "", Input::Telephone),
        ],
        criteria: &[C::HelpDesk],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Service,
        id: "network-monitoring",
        title: "異常の監視（ネットワーク）",
        help: "ネットワーク一括監視型と併用型のときに答えてください。",
        fields: &[
            Field::required("/monitoring/network/hoursPerDay", "1日に監視する時間", "", Number("時間")),
            Field::required("/monitoring/network/daysPerWeek", "1週間に監視する日数", "", Number("日")),
            Field::required("/monitoring/network/detects", "異常を検知しますか", "", YesNo),
            Field::required("/monitoring/network/notifies", "検知した異常を利用企業に通知しますか", "", YesNo),
            Field::blank("/monitoring/network/tool", "監視の道具", "UTMなど。ないときは空けておきます。", Line(Middle)),
            Field::required(
                "/monitoring/network/hasMonitoringService",
                "道具に加えて、監視するサービスがありますか",
                "",
                YesNo,
            ),
            Field::required("/monitoring/network/method", "監視の方法", "体制・連絡の流れを書いてください。", Lines),
            Field::optional(
                "/monitoring/network/maximumEndpoints",
                "1契約で見守れる端末数の上限",
                "上限がなければ空けておきます。",
                Number("台"),
            ),
        ],
        criteria: &[C::NetworkMonitoring],
        when: When::Kind(&[Kind::Network, Kind::Combined]),
        list: None,
    },
    Section {
        step: Step::Service,
        id: "endpoint-monitoring",
        title: "異常の監視（端末）",
        help: ASKED_OF_ENDPOINTS,
        fields: &[
            Field::required("/monitoring/endpoint/hoursPerDay", "1日に監視する時間", "", Number("時間")),
            Field::required("/monitoring/endpoint/daysPerWeek", "1週間に監視する日数", "", Number("日")),
            Field::required("/monitoring/endpoint/detects", "異常を検知しますか", "", YesNo),
            Field::required("/monitoring/endpoint/notifies", "検知した異常を利用企業に通知しますか", "", YesNo),
            Field::required("/monitoring/endpoint/coversPcs", "パソコンを監視しますか", "", YesNo),
            Field::required("/monitoring/endpoint/coversServers", "サーバーを監視しますか", "", YesNo),
            Field::blank(
                "/monitoring/endpoint/tool",
                "監視の道具",
                "EDRなど。ないときは空けておきます。",
                Line(Middle),
            ),
            Field::required(
                "/monitoring/endpoint/hasMonitoringService",
                "道具に加えて、監視するサービスがありますか",
                "",
                YesNo,
            ),
            Field::required("/monitoring/endpoint/method", "監視の方法", "体制・連絡の流れを書いてください。", Lines),
            Field::optional(
                "/monitoring/endpoint/maximumEndpoints",
                "1契約で監視できる端末数の上限",
                "上限がなければ空けておきます。",
                Number("台"),
            ),
        ],
        criteria: &[C::EndpointMonitoring],
        when: When::Kind(&[Kind::Endpoint, Kind::Combined]),
        list: None,
    },
    Section {
        step: Step::Service,
        id: "emergency-response",
        title: "緊急時の対応支援",
        help: "",
        fields: &[
            Field::required(
                "/emergencyResponse/dispatches",
                "利用企業の指定する場所に技術者を派遣（駆付け）しますか",
                "",
                YesNo,
            ),
            Field::required("/emergencyResponse/onRequest", "利用企業の要請に応じて支援しますか", "", YesNo),
            Field::blank(
                "/emergencyResponse/termsClause",
                "派遣を定めた規約の条項",
                "派遣するときは必ず書いてください。例：利用規約 第8条",
                Line(Middle),
            ),
        ],
        criteria: &[C::EmergencyResponse],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Service,
        id: "simplicity",
        title: "導入・運用できる簡単さ",
        help: "",
        fields: &[Field::required(
            "/simplicity/measures",
            "ITや情報セキュリティの専門知識のない利用企業でも使えるようにしていること",
            "",
            Lines,
        )],
        criteria: &[C::Simplicity],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Terms,
        id: "insurance",
        title: "簡易サイバー保険",
        help: "",
        fields: &[
            Field::required("/insurance/isAttached", "サービスに保険が付いていますか", "", YesNo),
            Field::required("/insurance/coversFirstResponse", "駆付けなどの初動対応の費用を補償しますか", "", YesNo),
            Field::required(
                "/insurance/explainsRemainder",
                "補償を超える費用の負担を利用企業に説明していますか",
                "",
                YesNo,
            ),
            Field::blank("/insurance/insurer", "保険会社", "保険が付いているときは必ず書いてください。", Line(Middle)),
            Field::blank(
                "/insurance/policy",
                "保険の名前・証券",
                "保険が付いているときは必ず書いてください。",
                Line(Middle),
            ),
        ],
        criteria: &[C::Insurance],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Terms,
        id: "package",
        title: "ワンパッケージ",
        help: "",
        fields: &[
            Field::required("/package/isSingleContract", "全体を一つの契約で提供しますか", "", YesNo),
            Field::optional(
                "/package/exception",
                "複数の契約になる場合、利用企業の手続が増えない理由",
                "「いいえ」のときに書いてください。",
                Lines,
            ),
        ],
        criteria: &[C::OnePackage],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Evidence,
        id: "experience",
        title: "実績",
        help: "",
        fields: &[
            Field::required("/experience/tookPartInPilot", "お助け隊実証事業に参加しましたか", "", YesNo),
            Field::optional(
                "/experience/providedToSmesSince",
                "中小企業への提供を始めた日",
                "実績のあるときに入れてください。",
                Input::Day,
            ),
            Field::required("/experience/description", "実績の内容", "", Lines),
        ],
        criteria: &[C::Experience],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Evidence,
        id: "information-sharing",
        title: "情報共有",
        help: "",
        fields: &[Field::required(
            "/informationSharing/undertakesAlertStatistics",
            "少なくともアラートの統計情報を提供することを約束しますか",
            "",
            YesNo,
        )],
        criteria: &[C::InformationSharing],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Evidence,
        id: "continuity",
        title: "事業継続性",
        help: "",
        fields: &[
            Field::required("/continuity/people", "要員の確保", "", Lines),
            Field::required("/continuity/qualityManagement", "品質管理のしくみ", "", Lines),
            Field::required("/continuity/finances", "財政の安定", "", Lines),
            Field::required("/continuity/accounting", "経理の能力", "", Lines),
        ],
        criteria: &[C::Continuity],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Evidence,
        id: "renewal",
        title: "更新",
        help: "",
        fields: &[Field::required(
            "/renewal/undertakesExamination",
            "更新のたびに審査を受けることを約束しますか",
            "",
            YesNo,
        )],
        criteria: &[C::Renewal],
        when: When::Always,
        list: None,
    },
    Section {
        step: Step::Terms,
        id: "consulting",
        title: "コンサルティング",
        help: "2類のときに答えてください。",
        fields: &[
            Field::required("/consulting/timesPerYear", "1年に行う回数", "", Number("回")),
            Field::required("/consulting/content", "内容", "行わないときも、そのことを書いてください。", Lines),
        ],
        criteria: &[C::Consulting],
        when: When::Class(Class::Two),
        list: None,
    },
    Section {
        step: Step::Evidence,
        id: "evidence",
        title: "証跡となる書類",
        help: "申告内容を裏付ける書類と、見るべき箇所を書いてください。使わない行は空けておきます。",
        fields: &[
            Field::required("/criterion", "要件", "", Input::Select(Borrowed(CRITERIA))),
            Field::required("/title", "書類の名前", "", Line(Middle)),
            Field::required("/place", "見るべき箇所", "例：3ページ、第8条", Line(Narrow)),
        ],
        criteria: &[],
        when: When::Always,
        list: Some("/evidence"),
    },
];

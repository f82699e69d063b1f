//! A word or number asked for in a query: one that does not fit is told by its name, with what would.

use domain::text::Text;
use poem::{Request, RequestBody};
use poem_openapi::param::Query;
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::types::ParseFromParameter;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::problem::Problem;

/// A query parameter that may be left out.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) Option<T>);

type Inner<T> = Query<Option<T>>;

impl<'a, T: ParseFromParameter> ApiExtractor<'a> for Asked<T> {
    const TYPES: &'static [ApiExtractorType] = Inner::<T>::TYPES;
    const PARAM_IS_REQUIRED: bool = false;

    type ParamType = Option<T>;
    type ParamRawType = <Inner<T> as ApiExtractor<'a>>::ParamRawType;

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(T::schema_ref())
    }

    fn param_raw_type(&self) -> Option<&Self::ParamRawType> {
        self.0.as_ref().and_then(T::as_raw_value)
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let name = options.name;
        match Inner::<T>::from_request(request, body, options).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(_) => Err(unfitting::<T>(name, request).into()),
        }
    }
}

fn unfitting<T: ParseFromParameter>(name: &str, request: &Request) -> Problem {
    let read = super::request::in_query(request.uri(), name);
    let message = match words::<T>() {
        Some(words) => {
            Text::new(format!("{name} には次のどれかを書いてください：{words}"), format!("{name} is one of {words}."))
        }
        None => Text::new(format!("{name} には数を書いてください。"), format!("{name} is a number.")),
    };
    Problem::unreadable(&format!("/{name}"), &read, message)
}

/// The words there are, if it is a closed set.
fn words<T: ParseFromParameter>() -> Option<String> {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let MetaSchemaRef::Reference(name) = T::schema_ref() else { return None };
    let words = &registry.schemas.get(&name)?.enum_items;
    Some(words.iter().filter_map(|word| word.as_str()).collect::<Vec<_>>().join(", "))
}

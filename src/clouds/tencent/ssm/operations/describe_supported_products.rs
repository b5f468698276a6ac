//! `DescribeSupportedProducts`: lists the cloud products for which the service manages secrets.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};

const PRODUCTS: [&str; 6] = [
    "Mysql",
    "Tdsql-mysql",
    "Tdsql_C_Mysql",
    "Cvm",
    "Cam",
    "Redis",
];

/// Lists the products.
pub(super) struct DescribeSupportedProducts;

impl Operation<Api3> for DescribeSupportedProducts {
    const ACTION: &'static str = "DescribeSupportedProducts";
    const SUMMARY: &'static str = "Lists the cloud products for which the service manages secrets.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/41513";
    const EVIDENCE: &'static str = "documented";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    const RATE_LIMIT: u32 = 20;
    type Response = DescribeSupportedProductsResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<DescribeSupportedProductsResponse, ApiError> {
        Ok(DescribeSupportedProductsResponse {
            products: PRODUCTS,
            total_count: PRODUCTS.len(),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeSupportedProducts`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeSupportedProductsResponse {
    /// The names of the products.
    products: [&'static str; 6],
    /// The number of products.
    total_count: usize,
    /// The id of the request.
    request_id: String,
}

//! `DescribeEndpoints`: the address of a service in a region.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, Required, Text, TextRule};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::hint::Hint;
use crate::clouds::service::{Operation, Parameter};
use crate::http::host::Authority;

const ID: Required<Text> = Required(Text {
    name: "Id",
    rule: TextRule::Plain(64, "-"),
    sensitive: false,
    help: "The region.",
});

const SERVICE_CODE: Required<Text> = Required(Text {
    name: "ServiceCode",
    rule: TextRule::Plain(64, "-_"),
    sensitive: false,
    help: "The service: `kms` or `sts`. Other services have no endpoint here.",
});

const TYPE: Text = Text {
    name: "Type",
    rule: TextRule::Plain(64, ""),
    sensitive: false,
    help: "The type of the endpoint, which the reply repeats; `openAPI` by default.",
};

/// The services that the server has.
const SERVED: [&str; 2] = ["kms", "sts"];

/// Lists the endpoints of a service in a region.
pub(super) struct DescribeEndpoints {
    region: String,
    service: String,
    endpoint_type: String,
    /// The server, as the client reaches it.
    host: String,
}

impl Operation<Rpc> for DescribeEndpoints {
    const ACTION: &'static str = "DescribeEndpoints";
    const SUMMARY: &'static str =
        "Returns the endpoint of a service in a region: the address of this server.";
    const PAGE: &'static str =
        "https://www.alibabacloud.com/help/en/sdk/product-overview/endpoints";
    const EVIDENCE: &'static str = "SDK";
    const DIFFERENCES: &'static str = "The endpoint is the host that the request was sent to; for a host of the cloud, it is that of the service in the region.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&ID, &SERVICE_CODE, &TYPE];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = DescribeEndpointsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            region: ID.read(arguments)?,
            service: SERVICE_CODE.read(arguments)?,
            endpoint_type: TYPE
                .find(arguments)?
                .unwrap_or_else(|| "openAPI".to_owned()),
            host: arguments.host().to_owned(),
        })
    }

    fn run(self, call: &Call) -> Result<DescribeEndpointsResponse, ApiError> {
        let Self {
            region,
            service,
            endpoint_type,
            host,
        } = self;
        let is_served = SERVED.contains(&&*service.to_ascii_lowercase());
        if !is_served {
            call.context.notes.hint(Hint::NoEndpoints);
        }
        let is_of_cloud = Authority::of_host_header(&host)
            .is_none_or(|authority| authority.host.ends_with(".aliyuncs.com"));
        let endpoint = if is_of_cloud {
            format!("{service}.{region}.aliyuncs.com")
        } else {
            host
        };
        let found = is_served.then_some(Endpoint {
            protocols: Protocols {
                protocols: ["HTTP", "HTTPS"],
            },
            endpoint_type,
            id: region,
            service_code: service,
            endpoint,
        });
        Ok(DescribeEndpointsResponse {
            request_id: call.request_id(),
            success: true,
            endpoints: Endpoints {
                endpoint: found.into_iter().collect(),
            },
        })
    }
}

/// The reply to `DescribeEndpoints`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeEndpointsResponse {
    /// The id of the request.
    request_id: String,
    /// Whether the request succeeded.
    success: bool,
    /// The endpoints.
    endpoints: Endpoints,
}

/// A list of endpoints.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Endpoints {
    /// The endpoints.
    endpoint: Vec<Endpoint>,
}

/// An endpoint.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    /// The protocols.
    protocols: Protocols,
    /// The type.
    #[serde(rename = "Type")]
    endpoint_type: String,
    /// The region.
    id: String,
    /// The service. The misspelling is the vendor's.
    #[serde(rename = "SerivceCode")]
    service_code: String,
    /// The host.
    endpoint: String,
}

/// A list of protocols.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Protocols {
    /// The protocols.
    protocols: [&'static str; 2],
}

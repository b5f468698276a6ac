//! The error of a fault rule: its reply for each cloud and operation, and codes that no cloud documents.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::clouds::CloudApi;
use crate::clouds::description::ErrorSample;
use crate::model::Cloud;

/// The maximum number of different undocumented codes until the process ends. Metrics and coverage keep a
/// counter for each code.
pub(crate) const MAX_UNDOCUMENTED_CODES: usize = 1_024;

/// The text of an undocumented error for which the rule gives none.
const DEFAULT_MESSAGE: &str = "This error was injected by a fault rule.";

/// The error that a fault rule injects.
#[derive(Debug, Clone, PartialEq)]
pub struct InjectedError {
    /// The code.
    pub code: &'static str,
    /// The HTTP status that the rule gives.
    pub status: Option<u16>,
    /// The text that the rule gives.
    pub message: Option<String>,
    /// Whether a cloud documents the code.
    pub is_documented: bool,
    /// The error replies of the clouds that the rule applies to.
    replies: Vec<ErrorOfCloud>,
}

#[derive(Debug, Clone, PartialEq)]
struct ErrorOfCloud {
    cloud: Cloud,
    /// For operations with their own text.
    of_operations: HashMap<&'static str, Arc<ErrorSample>>,
    of_others: Arc<ErrorSample>,
}

impl InjectedError {
    /// The error with this code of those clouds that document it; absent if none does. `action` is the only operation
    /// that the rule applies to, if there is one. `status` and `message` replace the documented ones.
    #[must_use]
    pub fn documented<'c>(
        code: &str,
        clouds: impl Iterator<Item = &'c dyn CloudApi>,
        action: Option<&str>,
        status: Option<u16>,
        message: Option<String>,
    ) -> Option<Self> {
        let sample = |cloud: &dyn CloudApi, action: Option<&str>| {
            let mut sample = cloud.documented_error(code, action)?;
            sample.status = status.unwrap_or(sample.status);
            if let Some(message) = &message {
                sample.message.clone_from(message);
                sample.chinese = None;
            }
            Some(Arc::new(sample))
        };
        let of_cloud = |cloud: &'c dyn CloudApi| {
            let of_others = sample(cloud, None)?;
            let operations = cloud.operations().into_iter();
            let operations = operations
                .filter(|operation| action.is_none_or(|action| action == operation.action));
            let of_operations = operations.filter_map(|operation| {
                let sample = sample(cloud, Some(operation.action))?;
                (sample != of_others).then_some((operation.action, sample))
            });
            Some(ErrorOfCloud {
                cloud: cloud.cloud(),
                of_operations: of_operations.collect(),
                of_others,
            })
        };
        let replies: Vec<_> = clouds.filter_map(of_cloud).collect();
        let code = replies.first()?.of_others.code;
        Some(Self {
            code,
            status,
            message,
            is_documented: true,
            replies,
        })
    }

    /// An error with a code that no cloud documents; absent if there are [`MAX_UNDOCUMENTED_CODES`] others.
    #[must_use]
    pub fn undocumented<'c>(
        code: &str,
        clouds: impl Iterator<Item = &'c dyn CloudApi>,
        status: Option<u16>,
        message: Option<String>,
    ) -> Option<Self> {
        let code = interned(code)?;
        let of_cloud = |cloud: &'c dyn CloudApi| ErrorOfCloud {
            cloud: cloud.cloud(),
            of_operations: HashMap::new(),
            of_others: Arc::new(ErrorSample {
                code,
                status: status.unwrap_or_else(|| default_status(cloud.cloud())),
                message: message
                    .clone()
                    .unwrap_or_else(|| DEFAULT_MESSAGE.to_owned()),
                chinese: None,
            }),
        };
        Some(Self {
            code,
            status,
            is_documented: false,
            replies: clouds.map(of_cloud).collect(),
            message,
        })
    }

    /// The clouds that the rule applies to.
    pub fn clouds(&self) -> impl Iterator<Item = Cloud> {
        self.replies.iter().map(|reply| reply.cloud)
    }

    /// The error that an operation of a cloud returns; absent if the rule does not apply to the cloud.
    #[must_use]
    pub fn of(&self, cloud: Cloud, action: Option<&str>) -> Option<Arc<ErrorSample>> {
        let reply = self.replies.iter().find(|reply| reply.cloud == cloud)?;
        let of_operation = action.and_then(|action| reply.of_operations.get(action));
        Some(Arc::clone(of_operation.unwrap_or(&reply.of_others)))
    }
}

/// The status of undocumented errors for which the rule gives none.
fn default_status(cloud: Cloud) -> u16 {
    match cloud {
        Cloud::Alibaba => 400,
        Cloud::Tencent => 200,
    }
}

/// The code with the lifetime of the program, as documented codes have it.
fn interned(code: &str) -> Option<&'static str> {
    static CODES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    intern(
        &mut CODES.lock().unwrap_or_else(PoisonError::into_inner),
        code,
    )
}

fn intern(codes: &mut BTreeSet<&'static str>, code: &str) -> Option<&'static str> {
    if let Some(known) = codes.get(code) {
        return Some(known);
    }
    if codes.len() >= MAX_UNDOCUMENTED_CODES {
        return None;
    }
    let code: &'static str = Box::leak(code.into());
    codes.insert(code);
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_undocumented_codes_is_limited() {
        let mut codes = BTreeSet::new();
        for number in 0..MAX_UNDOCUMENTED_CODES {
            assert!(intern(&mut codes, &format!("Code.{number}")).is_some());
        }
        assert_eq!(intern(&mut codes, "Another.Code"), None);
        assert_eq!(intern(&mut codes, "Code.7"), Some("Code.7"));
    }
}

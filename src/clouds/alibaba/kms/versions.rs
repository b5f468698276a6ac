//! The rules for versions and stages: a stage is on one version at most, and the former version of
//! `ACSCurrent` gets `ACSPrevious`. A secret has at most eight stages and ten versions.
//!
//! See the vendor's pages `PutSecretValue`, `UpdateSecretVersionStage` and *Overview of secrets*.

use super::errors;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::model::VersionInfo;

/// The stage of the current version, which is read by default.
pub(crate) const CURRENT: &str = "ACSCurrent";

/// The stage of the version that was current before.
pub(crate) const PREVIOUS: &str = "ACSPrevious";

/// The maximum number of stages of a secret.
pub(crate) const MAX_STAGES: usize = 8;

/// The maximum number of versions of a secret.
const MAX_VERSIONS: usize = 10;

/// Whether the service itself uses the stage.
pub(crate) fn is_reserved(stage: &str) -> bool {
    stage == CURRENT || stage == PREVIOUS
}

/// Sets stages on a version, and removes them from other versions.
///
/// # Errors
///
/// `Rejected.LimitExceeded` for a ninth stage.
pub(crate) fn set_stages(
    versions: &mut Vec<VersionInfo>,
    version_id: &str,
    stages: &[String],
) -> Result<(), ApiError> {
    for stage in stages {
        move_stage(versions, stage, version_id);
    }
    let number: usize = versions.iter().map(|version| version.stages.len()).sum();
    if number > MAX_STAGES {
        return Err((&errors::TOO_MANY_STAGES).into());
    }
    remove_oldest(versions);
    Ok(())
}

/// Makes a version the current one.
pub(crate) fn make_current(versions: &mut Vec<VersionInfo>, version_id: &str) {
    move_stage(versions, CURRENT, version_id);
    remove_oldest(versions);
}

/// Removes the oldest versions without a stage. Among eleven versions there are some, as there are only eight
/// stages.
fn remove_oldest(versions: &mut Vec<VersionInfo>) {
    while versions.len() > MAX_VERSIONS {
        let oldest = versions
            .iter()
            .position(|version| version.stages.is_empty());
        versions.remove(oldest.unwrap_or(0));
    }
}

/// Removes a stage from its version.
pub(crate) fn remove_stage(versions: &mut [VersionInfo], stage: &str) {
    for version in versions {
        version.stages.retain(|other| other != stage);
    }
}

/// The id of the version with a stage.
pub(crate) fn version_with<'v>(versions: &'v [VersionInfo], stage: &str) -> Option<&'v str> {
    versions
        .iter()
        .find(|version| version.stages.iter().any(|other| other == stage))
        .map(|version| &*version.version_id)
}

fn move_stage(versions: &mut [VersionInfo], stage: &str, to: &str) {
    let from = version_with(versions, stage).map(str::to_owned);
    if from.as_deref() == Some(to) {
        return;
    }
    remove_stage(versions, stage);
    if stage == CURRENT
        && let Some(former) = from
    {
        move_stage(versions, PREVIOUS, &former);
    }
    if let Some(version) = versions.iter_mut().find(|version| version.version_id == to) {
        version.stages.push(stage.to_owned());
        version.stages.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn versions(stages: &[(&str, &[&str])]) -> Vec<VersionInfo> {
        stages
            .iter()
            .map(|(version_id, stages)| VersionInfo {
                version_id: (*version_id).to_owned(),
                created_at: DateTime::UNIX_EPOCH,
                stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
            })
            .collect()
    }

    fn after_setting(
        before: &[(&str, &[&str])],
        version_id: &str,
        stages: &[&str],
    ) -> Vec<VersionInfo> {
        let mut versions = versions(before);
        let stages: Vec<_> = stages.iter().map(|stage| (*stage).to_owned()).collect();
        set_stages(&mut versions, version_id, &stages).unwrap();
        versions
    }

    #[test]
    fn the_former_current_version_gets_acsprevious() {
        let before: &[(&str, &[&str])] =
            &[("1", &[PREVIOUS]), ("2", &[CURRENT, "Blue"]), ("3", &[])];
        assert_eq!(
            after_setting(before, "3", &[CURRENT]),
            versions(&[("1", &[]), ("2", &[PREVIOUS, "Blue"]), ("3", &[CURRENT])])
        );
        assert_eq!(
            after_setting(before, "1", &[CURRENT]),
            versions(&[("1", &[CURRENT]), ("2", &[PREVIOUS, "Blue"]), ("3", &[])]),
            "the two stages are swapped"
        );
        assert_eq!(after_setting(before, "2", &[CURRENT]), versions(before));
        assert_eq!(
            after_setting(before, "3", &["Blue"]),
            versions(&[("1", &[PREVIOUS]), ("2", &[CURRENT]), ("3", &["Blue"])])
        );
    }

    #[test]
    fn eight_stages_are_allowed_and_nine_are_not() {
        let mut versions = versions(&[
            ("1", &[CURRENT]),
            ("2", &[PREVIOUS, "a", "b", "c", "d", "e"]),
        ]);
        set_stages(&mut versions, "1", &["f".to_owned()]).unwrap();
        assert!(matches!(
            set_stages(&mut versions, "1", &["g".to_owned()]),
            Err(ApiError::Operation(error)) if *error == errors::TOO_MANY_STAGES
        ));
    }

    #[test]
    fn an_eleventh_version_removes_the_oldest_version_without_a_stage() {
        let ids: Vec<String> = (1..=11).map(|number| number.to_string()).collect();
        let mut versions = versions(
            &ids.iter()
                .map(|id| (&**id, if id == "1" { &["Kept"][..] } else { &[] }))
                .collect::<Vec<_>>(),
        );
        set_stages(&mut versions, "11", &[CURRENT.to_owned()]).unwrap();
        assert_eq!(versions.len(), 10);
        assert_eq!(
            [&*versions[0].version_id, &versions[1].version_id],
            ["1", "3"]
        );
    }
}

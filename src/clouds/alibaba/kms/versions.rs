//! The rules for versions and their labels: at most one `ACSCurrent`, which leaves `ACSPrevious`
//! behind; each label on one version; eight labels and ten versions in a secret.
//!
//! See the vendor's pages `PutSecretValue`, `UpdateSecretVersionStage` and *Overview of secrets*.

use super::errors;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::model::VersionInfo;

/// Marks the version that is read when none is asked for.
pub const CURRENT: &str = "ACSCurrent";

/// Marks the version that was current before.
pub const PREVIOUS: &str = "ACSPrevious";

/// The most labels of a secret.
const MOST_LABELS: usize = 8;

/// The most versions of a secret.
const MOST_VERSIONS: usize = 10;

/// Whether the service itself gives this label a meaning.
pub fn is_reserved(stage: &str) -> bool {
    stage == CURRENT || stage == PREVIOUS
}

/// Marks a version with labels, which other versions lose.
///
/// # Errors
///
/// `Rejected.LimitExceeded` for a ninth label.
pub fn mark(
    versions: &mut Vec<VersionInfo>,
    version_id: &str,
    stages: &[String],
) -> Result<(), ApiError> {
    for stage in stages {
        move_label(versions, stage, version_id);
    }
    let labels: usize = versions.iter().map(|version| version.stages.len()).sum();
    if labels > MOST_LABELS {
        return Err((&errors::TOO_MANY_LABELS).into());
    }
    drop_earliest(versions);
    Ok(())
}

/// Makes a version the current one.
pub fn make_current(versions: &mut Vec<VersionInfo>, version_id: &str) {
    move_label(versions, CURRENT, version_id);
    drop_earliest(versions);
}

/// Of ten versions and one more, some bear none of eight labels.
fn drop_earliest(versions: &mut Vec<VersionInfo>) {
    while versions.len() > MOST_VERSIONS {
        let earliest = versions
            .iter()
            .position(|version| version.stages.is_empty());
        versions.remove(earliest.unwrap_or(0));
    }
}

/// Takes a label from a version that bears it.
pub fn unmark(versions: &mut [VersionInfo], stage: &str) {
    for version in versions {
        version.stages.retain(|label| label != stage);
    }
}

/// The version that bears a label.
pub fn holder<'v>(versions: &'v [VersionInfo], stage: &str) -> Option<&'v str> {
    versions
        .iter()
        .find(|version| version.stages.iter().any(|label| label == stage))
        .map(|version| &*version.version_id)
}

fn move_label(versions: &mut [VersionInfo], stage: &str, to: &str) {
    let from = holder(versions, stage).map(str::to_owned);
    if from.as_deref() == Some(to) {
        return;
    }
    unmark(versions, stage);
    if stage == CURRENT
        && let Some(former) = from
    {
        move_label(versions, PREVIOUS, &former);
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

    fn versions(labels: &[(&str, &[&str])]) -> Vec<VersionInfo> {
        labels
            .iter()
            .map(|(version_id, stages)| VersionInfo {
                version_id: (*version_id).to_owned(),
                created_at: DateTime::UNIX_EPOCH,
                stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
            })
            .collect()
    }

    fn marked(before: &[(&str, &[&str])], version_id: &str, stages: &[&str]) -> Vec<VersionInfo> {
        let mut versions = versions(before);
        let stages: Vec<_> = stages.iter().map(|stage| (*stage).to_owned()).collect();
        mark(&mut versions, version_id, &stages).unwrap();
        versions
    }

    #[test]
    fn the_current_version_leaves_its_predecessor_marked() {
        let before: &[(&str, &[&str])] =
            &[("1", &[PREVIOUS]), ("2", &[CURRENT, "Blue"]), ("3", &[])];
        assert_eq!(
            marked(before, "3", &[CURRENT]),
            versions(&[("1", &[]), ("2", &[PREVIOUS, "Blue"]), ("3", &[CURRENT])])
        );
        assert_eq!(
            marked(before, "1", &[CURRENT]),
            versions(&[("1", &[CURRENT]), ("2", &[PREVIOUS, "Blue"]), ("3", &[])]),
            "the two change places"
        );
        assert_eq!(marked(before, "2", &[CURRENT]), versions(before));
        assert_eq!(
            marked(before, "3", &["Blue"]),
            versions(&[("1", &[PREVIOUS]), ("2", &[CURRENT]), ("3", &["Blue"])])
        );
    }

    #[test]
    fn eight_labels_are_allowed_and_nine_are_not() {
        let mut versions = versions(&[
            ("1", &[CURRENT]),
            ("2", &[PREVIOUS, "a", "b", "c", "d", "e"]),
        ]);
        mark(&mut versions, "1", &["f".to_owned()]).unwrap();
        assert!(matches!(
            mark(&mut versions, "1", &["g".to_owned()]),
            Err(ApiError::Refused(refusal)) if *refusal == errors::TOO_MANY_LABELS
        ));
    }

    #[test]
    fn the_eleventh_version_drives_out_the_earliest_without_a_label() {
        let ids: Vec<String> = (1..=11).map(|number| number.to_string()).collect();
        let mut versions = versions(
            &ids.iter()
                .map(|id| (&**id, if id == "1" { &["Kept"][..] } else { &[] }))
                .collect::<Vec<_>>(),
        );
        mark(&mut versions, "11", &[CURRENT.to_owned()]).unwrap();
        assert_eq!(versions.len(), 10);
        assert_eq!(
            [&*versions[0].version_id, &versions[1].version_id],
            ["1", "3"]
        );
    }
}

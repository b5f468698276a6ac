//! `kms-emulator healthcheck`.

use std::time::Duration;

use super::Failure;

/// Requests a URL. Succeeds if the response has a status of success.
pub(super) fn healthcheck(url: &str) -> Result<(), Failure> {
    // No proxy: container engines set proxy variables, but a proxy cannot reach this server.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(5)))
        .build()
        .into();
    match agent.get(url).call() {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(format!("{url}: {error}"))),
    }
}

//! `kms-emulator fixtures pull`: saves the secrets of an account as a fixture.

mod details;
pub(super) mod list;
mod partial;

use std::io;
use std::path::{Path, PathBuf};

pub(super) use self::details::entry;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use self::list::ListError;
use self::partial::Partial;
use super::remote::{Account, Client, Stop, TransportError, printable};
use super::{Failure, files, print, print_error};
use crate::clouds;
use crate::fixtures::{self, Defaults};

/// The settings of a pull.
#[derive(Debug)]
pub(super) struct Pull {
    /// The account.
    pub account: Account,
    /// Whether to save values.
    pub values: bool,
    /// The file to write; standard output if absent.
    pub output: Option<PathBuf>,
    /// The maximum number of requests per second.
    pub rate: f64,
}

/// The error of a pull.
#[derive(Debug, thiserror::Error)]
enum PullError {
    #[error(transparent)]
    List(#[from] ListError),
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("{}: {source}", path.display())]
    Partial { path: PathBuf, source: io::Error },
}

/// Saves the secrets of an account.
pub(super) fn pull(pull: &Pull) -> Result<(), Failure> {
    let stop = Stop::on_signals().map_err(Failure::of)?;
    let (secrets, partial) = run(pull, stop).map_err(|error| failure(&error, pull))?;
    let cloud = pull.account.cloud;
    let text = list::fixture(cloud, &secrets);
    fixtures::parse(text.as_bytes(), &Defaults::default())
        .map_err(|error| Failure::new(format!("the replies are not a fixture: {error}")))?;
    match &pull.output {
        None => print(&text)?,
        Some(path) => {
            files::write(path, &text, pull.values)?;
            partial
                .remove()
                .map_err(|error| files::not_written(path, &error))?;
        }
    }
    print_error(&format!(
        "{} secrets of {} saved\n",
        secrets.len(),
        pull.account.region
    ));
    Ok(())
}

/// The complete secrets, and the file of the pull, which is removed when they are written.
fn run(pull: &Pull, stop: Stop) -> Result<(Vec<Value>, Partial), PullError> {
    let mut client = Client::new(pull.account.clone(), pull.rate, stop)?;
    // A device or a pipe gets no file.
    let output = pull.output.as_deref();
    let output = output.filter(|path| !path.exists() || path.is_file());
    let path = partial::path_beside(output.unwrap_or(Path::new("")));
    let of_file = |source| PullError::Partial {
        path: path.clone(),
        source,
    };
    let cloud = pull.account.cloud;
    let kinds = list::kinds(cloud);
    let mut partial = Partial::open(output, &pull.account, pull.values, kinds).map_err(of_file)?;
    if partial.has_pages() {
        let first = list::page(&mut client, 0, 0)?;
        if partial.begins_with(first.total, &first.secrets) {
            print_error(&format!("kms-emulator: continuing {}\n", path.display()));
        } else {
            print_error(&format!(
                "kms-emulator: {} belongs to another list; starting over\n",
                path.display()
            ));
            partial.start_over().map_err(of_file)?;
        }
    }
    let bar = progress_bar();
    for kind in 0..kinds {
        loop {
            let listed = &partial.listed[kind];
            let offset = listed.secrets.len();
            if listed.total.is_some_and(|total| offset >= total) {
                break;
            }
            let page = list::page(&mut client, kind, offset)?;
            let is_last = page.secrets.is_empty();
            partial
                .save_page(kind, page.total, page.secrets)
                .map_err(of_file)?;
            let total = partial
                .listed
                .iter()
                .filter_map(|listed| listed.total)
                .sum();
            count(
                &bar,
                "listing",
                partial.listed.iter().map(|kind| kind.secrets.len()).sum(),
                total,
            );
            if is_last {
                break;
            }
        }
    }
    let listed = partial.listed.iter().flat_map(|kind| kind.secrets.clone());
    let listed = list::in_order(cloud, listed.collect());
    let mut secrets = Vec::with_capacity(listed.len());
    for (index, secret) in listed.iter().enumerate() {
        count(&bar, "reading", index, listed.len());
        let name = list::name(secret);
        if !partial.completed.contains_key(name) {
            let entry = details::complete(&mut client, secret, pull.values)?;
            partial.save_secret(secret, entry).map_err(of_file)?;
        }
        secrets.extend(partial.completed.get(name).cloned().flatten());
    }
    bar.finish_and_clear();
    Ok((secrets, partial))
}

/// A bar on standard error, if that is a terminal.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn count(bar: &ProgressBar, message: &'static str, position: usize, total: usize) {
    bar.set_message(message);
    bar.set_length(total as u64);
    bar.set_position(position as u64);
}

/// The message for an error: the text of the cloud, and how to continue.
fn failure(error: &PullError, pull: &Pull) -> Failure {
    let title = clouds::with_default_settings()
        .get(pull.account.cloud)
        .title();
    let (message, is_setting) = match error {
        PullError::List(ListError::Rejected(rejected)) => {
            (format!("{title}: {error}"), rejected.is_about_key())
        }
        PullError::List(ListError::Unexpected) => (format!("{title}: {error}"), false),
        PullError::List(_) | PullError::Transport(_) | PullError::Partial { .. } => {
            (error.to_string(), false)
        }
    };
    let message = printable(&message, &pull.account);
    if is_setting {
        return Failure::misconfigured(message);
    }
    let is_of_another = matches!(
        error,
        PullError::Partial { source, .. } if source.kind() == io::ErrorKind::InvalidData
    );
    match &pull.output {
        Some(output) if !is_of_another && partial::path_beside(output).exists() => {
            Failure::new(format!("{message}; run the same command again to continue"))
        }
        _ => Failure::new(message),
    }
}

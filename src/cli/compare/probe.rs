//! Probes: requests that show one behaviour of a cloud.

use chrono::TimeDelta;

use crate::cli::remote::{Form, KeyUsed};
use crate::clouds::draft::{Format, Method};

/// Requests that show one behaviour for which the evidence is weak.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    /// The name: lower-case words with hyphens.
    pub name: &'static str,
    /// The assumption of the emulator, in one sentence.
    pub explanation: &'static str,
    /// The assumptions that the result settles.
    pub settles: &'static [Assumption],
    /// Whether it creates secrets, which needs `--write`.
    pub writes: bool,
    /// The requests, in order.
    pub steps: &'static [Step],
}

/// An assumption of the emulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assumption {
    /// The row of `docs/differences.md` that begins with this text.
    Row(&'static str),
    /// A part of the evidence of an operation: the action and the text.
    Evidence(&'static str, &'static str),
}

/// Assumptions that no probe can settle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unprobed {
    /// The assumptions.
    pub assumptions: &'static [Assumption],
    /// The reason.
    pub reason: &'static str,
}

/// One request of a probe.
///
/// Texts in its parameters may have placeholders. Those of the account: `{name}`, `{part}`, `{swapped}`,
/// `{second}`, `{tag key}`, `{tag value}`, `{other value}`, `{product type}`, `{instance}`, `{region}`.
/// Those of a probe that writes: `{own}` and `{own-b}`, names that begin with the prefix. `{account}` is
/// a value from an earlier reply.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The operation.
    pub action: &'static str,
    /// The parameters as a JSON object.
    pub parameters: &'static str,
    /// How the request is sent.
    pub form: Form,
    /// The members of the reply to compare, as JSON pointers; all if empty.
    pub look_at: &'static [&'static str],
    /// The JSON pointer of an ARN in the reply, whose account is the placeholder `{account}` of later steps.
    pub account_of: Option<&'static str>,
    /// Whether to wait before the request, so that a change has another time.
    pub later: bool,
    /// A text of this many bytes replaces `{long}`.
    pub long: usize,
    /// How often the request is sent. The replies are compared together.
    pub times: usize,
}

/// A request in the usual form, of which the whole reply is compared.
pub(super) const fn ask(action: &'static str, parameters: &'static str) -> Step {
    Step {
        action,
        parameters,
        form: Form::USUAL,
        look_at: &[],
        account_of: None,
        later: false,
        long: 0,
        times: 1,
    }
}

/// The code, text and status of an error; nothing else of a reply.
pub(super) const ERROR: &[&str] = &["/Code", "/Message", "/Error/Code", "/Error/Message"];

/// Only the code of an error.
pub(super) const CODE: &[&str] = &["/Code", "/Error/Code"];

impl Step {
    /// Compares only these members.
    pub(super) const fn look_at(mut self, members: &'static [&'static str]) -> Self {
        self.look_at = members;
        self
    }

    /// Saves the account of an ARN for later steps.
    pub(super) const fn account_of(mut self, pointer: &'static str) -> Self {
        self.account_of = Some(pointer);
        self
    }

    /// Waits before the request.
    pub(super) const fn later(mut self) -> Self {
        self.later = true;
        self
    }

    /// Replaces `{long}` by this many bytes.
    pub(super) const fn long(mut self, bytes: usize) -> Self {
        self.long = bytes;
        self
    }

    /// Sends it several times.
    pub(super) const fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Sends it with GET.
    pub(super) const fn get(mut self) -> Self {
        self.form.method = Method::Get;
        self
    }

    /// Asks for XML.
    pub(super) const fn xml(mut self) -> Self {
        self.form.format = Format::Xml;
        self
    }

    /// Signs with another method.
    pub(super) const fn signed_by(mut self, method: &'static str) -> Self {
        self.form.signature = Some(method);
        self
    }

    /// Sends these encoded parameters.
    pub(super) const fn payload(mut self, payload: &'static str) -> Self {
        self.form.payload = Some(payload);
        self
    }

    /// Signs with another key.
    pub(super) const fn key(mut self, key: KeyUsed) -> Self {
        self.form.key = key;
        self
    }

    /// Signs with a time stamp that is two hours old.
    pub(super) const fn stale(mut self) -> Self {
        self.form.age = TimeDelta::hours(2);
        self
    }

    /// Signs with a time stamp with milliseconds.
    pub(super) const fn milliseconds(mut self) -> Self {
        self.form.milliseconds = true;
        self
    }

    /// Names no region.
    pub(super) const fn without_region(mut self) -> Self {
        self.form.has_region = false;
        self
    }

    /// Adds a line break to the signature.
    pub(super) const fn line_break(mut self) -> Self {
        self.form.line_break = true;
        self
    }

    /// Sends the same request twice.
    pub(super) const fn twice(mut self) -> Self {
        self.form.twice = true;
        self
    }
}

use bytes::Bytes;

use chrono::DateTime;

use super::*;
use crate::clouds::diagnosis::{Mismatch, Mistake};
use crate::clouds::outcome::{Outcome, Verdict};
use crate::http::wire::Cut;
use crate::model::Cloud;
use crate::model::Scope;

fn record(journal: &Journal, body: &[u8]) {
    record_from(Source::Client, journal, body);
}

fn record_from(source: Source, journal: &Journal, body: &[u8]) {
    let wire = WireRequest::new("POST", "/", "", [], Ok(Bytes::copy_from_slice(body)));
    let details = EntryDetails {
        time: DateTime::UNIX_EPOCH,
        tenant_time: None,
        cloud: Cloud::Alibaba,
        source,
        request_id: "",
        outcome: &Outcome::new(),
        hints: &[],
        duration: Duration::ZERO,
        fault: None,
    };
    journal.record(&wire, &WireReply::default(), &details);
}

fn numbers(journal: &Journal) -> Vec<u64> {
    let entries = journal.entries();
    entries.iter().map(|entry| entry.number).collect()
}

#[test]
fn last_requests_are_kept() {
    let journal = Journal::new(2);
    for _ in 0..3 {
        record(&journal, b"");
    }
    assert_eq!(numbers(&journal), [2, 3]);
    assert_eq!(journal.delete(|entry| entry.number == 2), 1);
    assert_eq!(numbers(&journal), [3]);
    let none = Journal::new(0);
    record(&none, b"");
    assert_eq!(numbers(&none), [0; 0]);
}

#[test]
fn calls_do_not_discard_the_requests_of_clients() {
    let journal = Journal::new(2);
    record(&journal, b"");
    for _ in 0..3 {
        record_from(Source::Call, &journal, b"");
    }
    record(&journal, b"");
    assert_eq!(numbers(&journal), [1, 3, 4, 5]);
    assert_eq!(journal.delete(|entry| entry.source == Source::Call), 2);
    assert_eq!(numbers(&journal), [1, 5]);
    for _ in 0..2 * FIT {
        record_from(Source::Call, &journal, &vec![0; LARGE]);
    }
    assert_eq!(numbers(&journal)[..2], [1, 5]);
}

/// The number of requests that fill the journal.
const LARGE: usize = 125 * 1024;
const FIT: u64 = (MAX_BYTES / LARGE) as u64;

#[test]
fn size_of_large_requests_is_bounded() {
    let journal = Journal::new(1000);
    for _ in 0..2 * FIT {
        record(&journal, &vec![0; LARGE]);
    }
    let remembered = numbers(&journal);
    assert!((FIT - 2..=FIT).contains(&(remembered.len() as u64)));
    assert_eq!(remembered.last(), Some(&(2 * FIT)));
    journal.delete(|_| true);
    record(&journal, b"");
    assert_eq!(numbers(&journal), [2 * FIT + 1]);
}

#[test]
fn large_journal_keeps_as_many_usual_requests_as_it_was_started_with() {
    let journal = Journal::new(10_000);
    for _ in 0..10_001 {
        record(&journal, &[0; 500]);
    }
    let remembered = numbers(&journal);
    assert_eq!(remembered.len(), 10_000);
    assert_eq!(remembered.last(), Some(&10_001));
}

#[test]
fn size_of_large_requests_of_several_threads_is_bounded() {
    let journal = Journal::new(1000);
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| (0..FIT).for_each(|_| record(&journal, &vec![0; LARGE])));
        }
    });
    let remembered = numbers(&journal);
    assert!((FIT - 2..=FIT).contains(&(remembered.len() as u64)));
    assert_eq!(remembered.last(), Some(&(4 * FIT)));
}

#[test]
fn only_the_beginning_of_a_very_large_request_is_kept() {
    let journal = Journal::new(1);
    record(&journal, &vec![b'a'; 2 * MAX_PART_BYTES]);
    let entries = journal.entries();
    let body = entries[0].read().request.body.clone();
    assert_eq!(body, Err(vec![b'a'; MAX_PART_BYTES].into()));
}

#[test]
fn entry_is_read_as_it_was_recorded() {
    let mismatch = Mismatch {
        mistake: Mistake::WrongSecret,
        diagnosis: "the secret is another one".to_owned(),
        server: "GET&%2F&".to_owned(),
        client: None,
        signed_host: Some("localhost".to_owned()),
        first_difference: Some(4),
    };
    let outcome = Outcome {
        code: "SignatureDoesNotMatch",
        unknown_action: Some("ListSecretz".to_owned()),
        access_key_id: Some("test".to_owned()),
        verdict: Verdict::Refused,
        scope: Some(Scope {
            cloud: Cloud::Tencent,
            account: "1".to_owned(),
            region: "ap-guangzhou".to_owned(),
        }),
        mismatch: Some(Box::new(mismatch.clone())),
        ..Outcome::new()
    };
    let wire = WireRequest::new(
        "POST",
        "/",
        "Action=ListSecretz&名=密",
        [("host", "localhost"), ("x-empty", "")],
        Err(Bytes::from_static(b"\xff\0{")),
    );
    let reply = WireReply {
        status: 400,
        headers: vec![("x-acs-request-id", "1".to_owned().into())],
        body: Bytes::from_static(b"{\"Code\""),
        ..WireReply::default()
    };
    // The clock can be set to the past.
    let time = DateTime::from_timestamp_micros(-1).unwrap();
    let details = EntryDetails {
        time,
        tenant_time: Some(time),
        cloud: Cloud::Tencent,
        source: Source::Call,
        request_id: "1",
        outcome: &outcome,
        hints: &[],
        duration: Duration::from_nanos(1_000_000_001),
        fault: Some(3),
    };
    for cut in [None, Some(Cut::Reset), Some(Cut::Body(7))] {
        let journal = Journal::new(1);
        let mut reply = reply.clone();
        reply.delivery.cut = cut;
        journal.record(&wire, &reply, &details);
        let entries = journal.entries();
        let exchange = entries[0].read();
        let request = &*exchange.request;
        assert_eq!((&*request.method, &*request.path), ("POST", "/"));
        assert_eq!(request.query, wire.query);
        assert_eq!(request.headers, wire.headers);
        assert_eq!(request.body, wire.body);
        assert_eq!((exchange.time, exchange.cloud), (time, Cloud::Tencent));
        assert_eq!(exchange.tenant_time, Some(time));
        assert_eq!(exchange.source, Source::Call);
        assert_eq!(exchange.action, Some("ListSecretz"));
        assert_eq!(exchange.access_key_id, Some("test"));
        assert_eq!(exchange.verdict, Verdict::Refused);
        assert_eq!(exchange.mismatch.as_deref(), Some(&mismatch));
        assert_eq!(exchange.account, Some("1"));
        assert_eq!(exchange.region, Some("ap-guangzhou"));
        assert_eq!(exchange.code, "SignatureDoesNotMatch");
        assert_eq!(exchange.request_id, "1");
        assert_eq!(exchange.status, 400);
        assert_eq!(exchange.headers, [("x-acs-request-id", "1")]);
        assert_eq!(exchange.body, b"{\"Code\"");
        assert_eq!(exchange.cut, cut);
        assert_eq!(exchange.duration, details.duration);
        assert_eq!(exchange.fault, Some(3));
    }
}

#[test]
fn requests_of_several_threads_are_in_one_journal() {
    let journal = Journal::new(10);
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| (0..25).for_each(|_| record(&journal, b"")));
        }
    });
    assert_eq!(numbers(&journal), (91..=100).collect::<Vec<_>>());
    assert_eq!(journal.delete(|exchange| exchange.number % 2 == 0), 5);
    assert_eq!(numbers(&journal), [91, 93, 95, 97, 99]);
}

#[test]
fn reused_buffer_has_nothing_of_the_discarded_entry() {
    let journal = Journal::new(1);
    record(&journal, b"long and secret");
    let kept = journal.entries();
    for body in [&b"short"[..], b""] {
        record(&journal, body);
        let entries = journal.entries();
        assert_eq!(entries[0].read().request.body.as_deref(), Ok(body));
    }
    assert_eq!(
        kept[0].read().request.body.as_deref(),
        Ok(&b"long and secret"[..])
    );
}

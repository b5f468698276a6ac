//! Which threads create key pairs.

use std::io::Write;
use std::sync::{Arc, mpsc};
use std::thread;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;
use kms_emulator::store::StoreError;

use crate::deadline::receive;
use crate::support::{RawReply, TestServer, emulator};

/// More than the workers of the server.
fn requests() -> usize {
    2 * thread::available_parallelism().map_or(1, usize::from)
}

/// An operation runs on one thread from its parameters to its change of the store. While the store is locked, no
/// creation ends, so that each other reply comes before those to the creations.
#[test]
fn other_requests_are_answered_while_key_pairs_are_created() {
    let (server, startup) = TestServer::starting(Limits::default());
    let emulator = Arc::new(emulator(AuthMode::Lenient));
    startup.finish(Arc::clone(&emulator), None);
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let writer = thread::spawn(move || {
        emulator.store.write(move |_| {
            locked.send(()).unwrap();
            // An error, because the sender is dropped.
            let _ = released.recv();
            Ok::<_, StoreError>(())
        })
    });
    receive(&is_locked, "the lock of the store").unwrap();

    let create = b"GET /?Action=CreateKey&KeySpec=RSA_2048 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
    let creations: Vec<_> = (0..requests())
        .map(|_| {
            let mut connection = server.connect();
            connection.write_all(create).unwrap();
            connection
        })
        .collect();
    for _ in 0..50 {
        let health = server.send(b"GET /_emulator/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
        assert_eq!(health.status, 200);
    }
    drop(release);
    writer.join().unwrap().unwrap();
    for mut connection in creations {
        assert_eq!(RawReply::read(&mut connection).status, 200);
    }
}

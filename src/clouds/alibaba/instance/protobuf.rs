//! The wire format of Protocol Buffers, without nested and repeated messages: varints and strings.
//!
//! See *Encoding* in the documentation of Protocol Buffers.

/// The value of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'m> {
    /// A varint.
    Number(u64),
    /// A string or a nested message.
    Bytes(&'m [u8]),
    /// A number of fixed length, which no message of the instance API has.
    Fixed,
}

/// Passes the fields of a message to `read`, in order, with their numbers. Absent if the message is malformed, or
/// `read` rejects a field. Nothing is collected, because a long message may have millions of fields.
pub(super) fn read_fields<'m>(
    mut message: &'m [u8],
    mut read: impl FnMut(u64, Value<'m>) -> Option<()>,
) -> Option<()> {
    while !message.is_empty() {
        let tag = varint(&mut message)?;
        let value = match tag & 7 {
            0 => Value::Number(varint(&mut message)?),
            1 => take(&mut message, 8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(varint(&mut message)?).ok()?;
                Value::Bytes(take(&mut message, length)?)
            }
            5 => take(&mut message, 4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        if tag >> 3 == 0 {
            return None;
        }
        read(tag >> 3, value)?;
    }
    Some(())
}

/// Reads a varint.
fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first()?;
        *message = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take<'m>(message: &mut &'m [u8], length: usize) -> Option<&'m [u8]> {
    let (taken, rest) = message.split_at_checked(length)?;
    *message = rest;
    Some(taken)
}

/// Appends a string, unless it is empty, which is the default.
pub(super) fn add_text(message: &mut Vec<u8>, field: u64, text: &str) {
    if !text.is_empty() {
        add_varint(message, field << 3 | 2);
        add_varint(message, text.len() as u64);
        message.extend_from_slice(text.as_bytes());
    }
}

/// Appends a number.
pub(super) fn add_number(message: &mut Vec<u8>, field: u64, number: u64) {
    add_varint(message, field << 3);
    add_varint(message, number);
}

fn add_varint(message: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        message.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    message.push((number & 0x7F) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(message: &[u8]) -> Option<Vec<(u64, Value<'_>)>> {
        let mut fields = Vec::new();
        read_fields(message, |field, value| {
            fields.push((field, value));
            Some(())
        })?;
        Some(fields)
    }

    /// The examples of the documentation of Protocol Buffers.
    #[test]
    fn numbers_and_strings_have_the_documented_encoding() {
        let mut message = Vec::new();
        add_number(&mut message, 1, 150);
        assert_eq!(message, [0x08, 0x96, 0x01]);
        add_text(&mut message, 2, "testing");
        assert_eq!(
            message[3..],
            [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]
        );
        assert_eq!(
            fields(&message),
            Some(vec![(1, Value::Number(150)), (2, Value::Bytes(b"testing"))])
        );
        add_text(&mut message, 3, "");
        assert_eq!(message.len(), 12);
    }

    #[test]
    fn a_malformed_message_has_no_fields() {
        for message in [
            &[0x08][..],
            &[0x08, 0x80],
            &[0x80],
            &[0x12, 0x02, b'a'],
            &[0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            &[0x0B],
            &[0x0F, 0x01],
            &[0x09, 1, 2, 3, 4, 5, 6, 7],
            &[0x0D, 1, 2, 3],
            &[0x00, 0x01],
            b"{\"SecretName\":\"a\"}",
        ] {
            assert_eq!(fields(message), None, "{message:02x?}");
        }
        assert_eq!(fields(&[]), Some(Vec::new()));
        assert_eq!(
            fields(&[0x0D, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8]),
            Some(vec![(1, Value::Fixed), (2, Value::Fixed)])
        );
    }
}

//! The wire format of Protocol Buffers, without nested and repeated messages: varints, strings and bytes.
//!
//! See *Encoding* in the documentation of Protocol Buffers.

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'m> {
    /// A varint.
    Number(u64),
    /// A string, bytes or a nested message.
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

/// The largest number of a field in a request of the instance API.
const MAX_FIELD: usize = 6;

/// The fields of a request, by number. Unknown fields are ignored, and the last value of a field counts.
#[derive(Debug)]
pub(super) struct Fields<'m>([Option<Value<'m>>; MAX_FIELD + 1]);

impl<'m> Fields<'m> {
    /// Reads a message; absent if it is malformed.
    pub(super) fn read(message: &'m [u8]) -> Option<Self> {
        let mut fields = [None; MAX_FIELD + 1];
        read_fields(message, |number, value| {
            let number = usize::try_from(number).ok()?;
            if let Some(field) = fields.get_mut(number) {
                *field = Some(value);
            }
            Some(())
        })?;
        Some(Self(fields))
    }

    /// The bytes of a field, empty by default; absent if it has another type.
    pub(super) fn bytes(&self, number: usize) -> Option<&'m [u8]> {
        match self.0[number] {
            None => Some(&[]),
            Some(Value::Bytes(bytes)) => Some(bytes),
            Some(_) => None,
        }
    }

    /// The text of a field, empty by default; absent if it has another type.
    pub(super) fn text(&self, number: usize) -> Option<&'m str> {
        str::from_utf8(self.bytes(number)?).ok()
    }

    /// The number in a field, 0 by default; absent if it has another type.
    pub(super) fn number(&self, number: usize) -> Option<u64> {
        match self.0[number] {
            None => Some(0),
            Some(Value::Number(value)) => Some(value),
            Some(_) => None,
        }
    }
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
    add_bytes(message, field, text.as_bytes());
}

/// Appends bytes, unless there are none, which is the default.
pub(super) fn add_bytes(message: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    if !bytes.is_empty() {
        add_varint(message, field << 3 | 2);
        add_varint(message, bytes.len() as u64);
        message.extend_from_slice(bytes);
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

//! Random passwords and credentials.

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};

/// The rules for a password.
#[derive(Debug, Clone)]
pub(crate) struct PasswordRules {
    /// The number of characters.
    pub length: usize,
    /// The allowed characters, by class. No class is empty.
    pub classes: Vec<Vec<char>>,
    /// Whether each class must occur.
    pub each_class: bool,
}

const LOWERCASE: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPERCASE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NUMBERS: &str = "0123456789";
/// The other printable characters of ASCII, without the space.
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

impl PasswordRules {
    /// Rules with the `included` classes, in the order lower case, upper case, numbers, punctuation, without the
    /// characters `excluded`.
    pub(crate) fn new(
        length: usize,
        included: [bool; 4],
        excluded: &str,
        each_class: bool,
    ) -> Self {
        let classes = [LOWERCASE, UPPERCASE, NUMBERS, PUNCTUATION]
            .iter()
            .zip(included)
            .filter(|(_, included)| *included)
            .map(|(class, _)| {
                class
                    .chars()
                    .filter(|character| !excluded.contains(*character))
                    .collect::<Vec<_>>()
            })
            .filter(|class| !class.is_empty())
            .collect();
        Self {
            length,
            classes,
            each_class,
        }
    }

    /// A password; `None` if the rules allow no character.
    pub(crate) fn generate(&self) -> Option<String> {
        let rng = &mut rand::rng();
        let all = self.classes.concat();
        if all.is_empty() {
            return None;
        }
        let mut password = Vec::with_capacity(self.length);
        if self.each_class {
            password.extend(self.classes.iter().filter_map(|class| class.choose(rng)));
        }
        while password.len() < self.length {
            password.push(all.choose(rng)?);
        }
        password.shuffle(rng);
        Some(password.into_iter().collect())
    }
}

/// Random ASCII letters and digits.
pub(crate) fn alphanumeric(length: usize) -> String {
    let rng = rand::rng();
    rng.sample_iter(rand::distr::Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}

/// Random bytes.
pub(crate) fn bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_follows_its_rules() {
        let rules = PasswordRules::new(8, [true, true, false, true], "a!", true);
        for _ in 0..200 {
            let password = rules.generate().unwrap();
            assert_eq!(password.len(), 8);
            assert!(password.contains(|character: char| character.is_ascii_lowercase()));
            assert!(password.contains(|character: char| character.is_ascii_uppercase()));
            assert!(password.contains(|character: char| character.is_ascii_punctuation()));
            assert!(!password.contains(['a', '!', '0', '9']));
        }
        assert!(
            PasswordRules::new(8, [false; 4], "", true)
                .generate()
                .is_none()
        );
        assert!(
            PasswordRules::new(8, [false, false, true, false], NUMBERS, true)
                .generate()
                .is_none()
        );
    }
}

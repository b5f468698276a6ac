//! Parses policy documents of both clouds.

use std::slice;

use serde_json::{Map, Value};

use super::cam::CAM;
use super::condition::{Condition, Expected, Kind, Operator, Quantifier};
use super::document::{Actions, Effect, Policy, Statement};
use super::elements::{PolicyError, at, check_members, object, required, scalars, strings};
use super::language::Language;
use super::pattern::Pattern;
use super::ram::RAM;

/// The maximum length of a policy without white space: the limit of both clouds for policies of users and roles.
const MAX_CHARACTERS: usize = 6144;

/// The maximum length of a `Sid`: the limit of secret policies.
const MAX_SID_CHARACTERS: usize = 128;

/// Parses the text of a policy document.
///
/// # Errors
///
/// The first mistake.
pub fn parse_text(text: &str) -> Result<(Policy, Value), PolicyError> {
    let document = serde_json::from_str(text)
        .map_err(|error| PolicyError::new("", format!("not a JSON document: {error}")))?;
    Ok((parse(&document)?, document))
}

/// Parses a policy document. The case of its elements tells the cloud: `Version`, or `version`.
///
/// # Errors
///
/// The first mistake.
pub fn parse(document: &Value) -> Result<Policy, PolicyError> {
    let text = document.to_string();
    if text.chars().filter(|c| !c.is_whitespace()).count() > MAX_CHARACTERS {
        let reason =
            format!("a policy has at most {MAX_CHARACTERS} characters, white space not counted");
        return Err(PolicyError::new("", reason));
    }
    let members = object("", document)?;
    let has = |language: &Language| {
        let names = &language.names;
        members.contains_key(names.version) || members.contains_key(names.statement)
    };
    match (has(&RAM), has(&CAM)) {
        (true, false) => Parser::new(&RAM).policy(members),
        (false, true) => Parser::new(&CAM).policy(members),
        (true, true) => Err(PolicyError::new(
            "",
            "a policy is for one cloud: `Version` and `Statement` of Alibaba Cloud, or `version` and `statement` of \
             Tencent Cloud",
        )),
        (false, false) => Err(PolicyError::new(
            "",
            "expected a policy with `Version` and `Statement` (Alibaba Cloud) or `version` and `statement` \
             (Tencent Cloud)",
        )),
    }
}

/// Parses the policy of a secret or key of Alibaba Cloud.
pub(crate) fn parse_resource_policy(text: &str) -> Result<Policy, PolicyError> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| PolicyError::new("", error.to_string()))?;
    Parser::new(&RAM).policy(object("", &document)?)
}

struct Parser {
    language: &'static Language,
    unknown_keys: Vec<String>,
}

impl Parser {
    fn new(language: &'static Language) -> Self {
        Self {
            language,
            unknown_keys: Vec::new(),
        }
    }

    fn policy(mut self, members: &Map<String, Value>) -> Result<Policy, PolicyError> {
        let names = &self.language.names;
        let mut known = vec![names.version, names.statement];
        if self.language.has_common_principal {
            known.push(names.principal);
        }
        check_members("", members, &known)?;
        let version = required("", members, names.version)?;
        if version.as_str() != Some(self.language.version) {
            let reason = format!("expected the string \"{}\"", self.language.version);
            return Err(PolicyError::new(names.version, reason));
        }
        let statements = required("", members, names.statement)?;
        let statements = match statements {
            Value::Array(statements) => &**statements,
            Value::Object(_) if self.language.has_single_statement => slice::from_ref(statements),
            _ => {
                let reason = "expected a list of statements";
                return Err(PolicyError::new(names.statement, reason));
            }
        };
        let common = match members.get(names.principal) {
            Some(principal) => Some(self.principals(names.principal, principal)?),
            None => None,
        };
        let mut parsed = Vec::new();
        for (index, statement) in statements.iter().enumerate() {
            let place = format!("{}[{index}]", names.statement);
            let mut statement = self.statement(&place, statement)?;
            if statement.principals.is_none() {
                statement.principals.clone_from(&common);
            }
            parsed.push(statement);
        }
        self.unknown_keys.sort_unstable();
        self.unknown_keys.dedup();
        Ok(Policy {
            cloud: self.language.cloud,
            statements: parsed,
            unknown_keys: self.unknown_keys,
        })
    }

    fn statement(&mut self, place: &str, statement: &Value) -> Result<Statement, PolicyError> {
        let members = object(place, statement)?;
        let names = &self.language.names;
        let known = [
            names.sid,
            names.effect,
            names.principal,
            names.action,
            names.resource,
            names.condition,
        ];
        let known: Vec<_> = known.into_iter().chain(names.not_action).collect();
        check_members(place, members, &known)?;
        let sid = match members.get(names.sid) {
            Some(Value::String(sid)) if sid.chars().count() <= MAX_SID_CHARACTERS => {
                Some(sid.clone())
            }
            Some(_) => {
                let reason =
                    format!("expected a string of at most {MAX_SID_CHARACTERS} characters");
                return Err(PolicyError::new(at(place, names.sid), reason));
            }
            None => None,
        };
        let principals = match members.get(names.principal) {
            Some(principal) => Some(self.principals(&at(place, names.principal), principal)?),
            None => None,
        };
        Ok(Statement {
            sid,
            effect: self.effect(place, members)?,
            principals,
            actions: self.actions(place, members)?,
            resources: self.resources(place, members)?,
            conditions: match members.get(names.condition) {
                Some(conditions) => self.conditions(&at(place, names.condition), conditions)?,
                None => Vec::new(),
            },
        })
    }

    fn effect(&self, place: &str, members: &Map<String, Value>) -> Result<Effect, PolicyError> {
        let name = self.language.names.effect;
        let [allow, deny] = self.language.effects;
        match required(place, members, name)?.as_str() {
            Some(text) if text == allow => Ok(Effect::Allow),
            Some(text) if text == deny => Ok(Effect::Deny),
            _ => {
                let reason = format!("expected \"{allow}\" or \"{deny}\"");
                Err(PolicyError::new(at(place, name), reason))
            }
        }
    }

    fn actions(&self, place: &str, members: &Map<String, Value>) -> Result<Actions, PolicyError> {
        let names = &self.language.names;
        let not_action = names.not_action.filter(|name| members.contains_key(*name));
        let name = match not_action {
            Some(_) if members.contains_key(names.action) => {
                let reason = "a statement has `Action` or `NotAction`, not both";
                return Err(PolicyError::new(at(place, names.action), reason));
            }
            Some(name) => name,
            None => names.action,
        };
        let mut patterns = Vec::new();
        for (place, text) in strings(&at(place, name), required(place, members, name)?)? {
            let pattern = (self.language.action)(text);
            patterns.push(pattern.map_err(|reason| PolicyError::new(place, reason))?);
        }
        Ok(match not_action {
            Some(_) => Actions::Except(patterns),
            None => Actions::Only(patterns),
        })
    }

    fn resources(
        &self,
        place: &str,
        members: &Map<String, Value>,
    ) -> Result<Vec<Pattern>, PolicyError> {
        let name = self.language.names.resource;
        let names = strings(&at(place, name), required(place, members, name)?)?;
        let pattern = |(place, text): (String, &str)| {
            let pattern = (self.language.resource)(text);
            pattern.map_err(|reason| PolicyError::new(place, reason))
        };
        names.into_iter().map(pattern).collect()
    }

    /// `"*"`, or an object with a list of names for each type of principal.
    fn principals(&self, place: &str, principal: &Value) -> Result<Vec<Pattern>, PolicyError> {
        if let Value::String(text) = principal {
            return Ok(vec![(self.language.principal)(text)]);
        }
        let Language {
            principal_type,
            other_principal_types: [first, second],
            ..
        } = self.language;
        let members = object(place, principal)?;
        check_members(place, members, &[principal_type, first, second])?;
        if members.is_empty() {
            return Err(PolicyError::new(
                place,
                format!("`{principal_type}` is missing"),
            ));
        }
        let mut patterns = Vec::new();
        for (name, names) in members {
            let names = strings(&at(place, name), names)?;
            if name == principal_type {
                let pattern = |(_, text): (_, &str)| (self.language.principal)(text);
                patterns.extend(names.into_iter().map(pattern));
            }
        }
        Ok(patterns)
    }

    fn conditions(
        &mut self,
        place: &str,
        conditions: &Value,
    ) -> Result<Vec<Condition>, PolicyError> {
        let mut parsed = Vec::new();
        for (name, keys) in object(place, conditions)? {
            let place = at(place, name);
            let (operator, quantifier, if_exists) = self.operator(&place, name)?;
            for (key, values) in object(&place, keys)? {
                let mut expected = Vec::new();
                for (place, text) in scalars(&at(&place, key), values)? {
                    let value = Expected::parse(&text, operator.kind).map_err(|form| {
                        PolicyError::new(place, format!("`{text}` is not valid: expected {form}"))
                    })?;
                    expected.push(value);
                }
                if !(self.language.is_known_key)(key) {
                    self.unknown_keys.push(key.clone());
                }
                parsed.push(Condition {
                    operator,
                    quantifier,
                    is_met_if_absent: if_exists
                        || (operator.is_negated && self.language.absent_meets_negated),
                    key: key.clone(),
                    expected,
                    values: self.language.values,
                });
            }
        }
        Ok(parsed)
    }

    fn operator(
        &self,
        place: &str,
        name: &str,
    ) -> Result<(Operator, Quantifier, bool), PolicyError> {
        let mut rest = name;
        let mut quantifier = Quantifier::Any;
        if let Some([all, any]) = self.language.qualifiers {
            if let Some(stripped) = rest.strip_prefix(all) {
                (rest, quantifier) = (stripped, Quantifier::All);
            } else if let Some(stripped) = rest.strip_prefix(any) {
                rest = stripped;
            }
        }
        let suffix = self.language.if_exists;
        let stripped = suffix.and_then(|suffix| rest.strip_suffix(suffix));
        let operator = (self.language.operator)(stripped.unwrap_or(rest));
        match operator {
            Some(Operator {
                kind: Kind::Null, ..
            }) if stripped.is_some() => None,
            operator => operator,
        }
        .map(|operator| (operator, quantifier, stripped.is_some()))
        .ok_or_else(|| {
            let reason = format!("`{name}` is not a condition operator of the policy language");
            PolicyError::new(place, reason)
        })
    }
}

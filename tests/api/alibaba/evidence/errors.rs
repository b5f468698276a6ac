//! Evidence about error codes and their texts.

use kms_emulator::clouds::context::AuthMode::Strict;
use kms_emulator::clouds::description::OperationDescription;
use kms_emulator::clouds::{self, CloudApi};
use serde_json::{Value, json};

use super::S;
use crate::alibaba::session::Session;
use crate::support::{NOW, TestRequest, emulator};

/// R, S: the unmodified classic Python SDK splits the message at these words, and fails with an
/// `IndexError` where they are absent.
#[test]
fn every_signature_error_ends_with_the_string_that_the_server_signed() {
    const TAIL: &str = " server string to sign is:";
    for (code, beginning) in [
        (
            "IncompleteSignature",
            "The request signature does not conform to Aliyun standards. server string to sign is:",
        ),
        (
            "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation. server string to sign is:",
        ),
    ] {
        assert!(
            clouds::with_default_settings()
                .alibaba
                .documented_codes()
                .contains(&code)
        );
        assert_eq!(
            clouds::with_default_settings()
                .alibaba
                .documented_error(code, None)
                .unwrap()
                .message,
            beginning
        );
    }
    let acs = || {
        let mut request = TestRequest::get("")
            .header("x-acs-action", "ListSecrets")
            .header("x-acs-version", "2016-01-20");
        request.method = "POST".into();
        request
    };
    let mut json_body = TestRequest::get("Action=ListSecrets")
        .sign_v1("test", &[])
        .header("Content-Type", "application/json");
    json_body.body = r#"{"PageSize":1}"#.into();
    for request in [
        TestRequest::get("Action=ListSecrets").sign_v1("wrong", &[]),
        acs().sign_acs3("test", "wrong", NOW, "n"),
        acs().header("Authorization", "ACS3-HMAC-SHA256 Credential"),
        acs()
            .sign_acs3("test", "test", NOW, "n")
            .header("x-acs-other", "unsigned"),
        json_body,
    ] {
        let reply = request.ask(&emulator(Strict));
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["Code"], "IncompleteSignature");
        let message = body["Message"].as_str().unwrap();
        assert!(
            message.starts_with("The request signature does not conform to Aliyun standards. "),
            "{message}"
        );
        assert!(message.contains(TAIL), "{message}");
    }
}

/// R, S: recorded replies and the retry rules of public clients.
#[test]
fn throttling_has_the_recorded_text() {
    let error = clouds::with_default_settings()
        .alibaba
        .documented_error("Rejected.Throttling", None)
        .unwrap();
    assert_eq!((error.status, &*error.message), (429, "QPS Limit Exceeded"));
}

/// R: `The parameter  KeyId  needed but no provided.` and `The specified parameter KeySpec is not valid.`
#[test]
fn messages_name_parameters_as_recorded() {
    let session = Session::new();
    for (parameters, message) in [
        (
            &[S, ("SecretData", "x")][..],
            "The parameter  VersionId  needed but no provided.",
        ),
        (
            &[("SecretName", "a b")],
            "The specified parameter SecretName is not valid.",
        ),
    ] {
        let (status, reply) = session.call("CreateSecret", parameters);
        assert_eq!((status, &reply["Message"]), (400, &json!(message)));
    }
    let filters = r#"[{"Key":"SecretName","Values":["a b"]}]"#;
    let (_, reply) = session.call("ListSecrets", &[("Filters", filters)]);
    assert_eq!(
        reply["Message"],
        "The specified parameter Filters is not valid."
    );
}

/// D: the tables of errors of `CreateSecret`, `GetSecretValue`, `SetSecretPolicy` and `OpenKmsService`; the `DryRun`
/// parameter of `GetSecretValue`. S: `MissingAccessKeyId` in clients of other products. I: `InvalidAccessKeyId`.
#[test]
fn every_documented_code_can_be_a_fault() {
    let alibaba = &clouds::with_default_settings().alibaba;
    for (code, status, message) in [
        (
            "Rejected.ShareQuotaExceedLimit",
            400,
            "Instance Share Quota Exceed Limit.",
        ),
        (
            "Forbidden.DKMSInstanceNotFound",
            403,
            "The specified DKMS Instance is not found.",
        ),
        (
            "Forbidden.DKMSInstanceStateInvalid",
            403,
            "The DKMS instance state is invalid.",
        ),
        (
            "Forbidden.KeyPolicyUnSupported",
            400,
            "The specified key does not support key policy.",
        ),
        (
            "Forbidden.NoRealNameAuthentication",
            400,
            "Real name authentication is needed.",
        ),
        ("CreateLXOrderFailed", 400, "Create order failed."),
        ("Forbidden.Opened", 400, "Your kms service has been opened."),
        (
            "Forbidden.NoPermission",
            403,
            "This operation for {Resource} is forbidden by permission system.",
        ),
    ] {
        let error = alibaba.documented_error(code, None).expect(code);
        assert_eq!((error.status, &*error.message), (status, message), "{code}");
    }
    for (code, status) in [
        ("AccessDeniedError", 403),
        ("MissingAccessKeyId", 400),
        ("InvalidAccessKeyId", 404),
    ] {
        let error = alibaba.documented_error(code, None).expect(code);
        assert_eq!(error.status, status, "{code}");
        assert!(alibaba.documented_codes().contains(&code));
    }
}

/// D: the tables of errors belong to one operation each.
#[test]
fn fault_texts_do_not_name_another_operation() {
    let alibaba = &clouds::with_default_settings().alibaba;
    let operations = alibaba.operations();
    let names = |operation: &OperationDescription| {
        let parameters = operation.parameters.iter();
        parameters
            .map(|parameter| parameter.name)
            .collect::<Vec<_>>()
    };
    let all: Vec<_> = operations.iter().flat_map(names).collect();
    for operation in operations.iter().filter(|known| known.product == "Kms") {
        let own = names(operation);
        // The codes of another service are for its operations.
        let others = operations.iter();
        let others = others.filter(|other| other.product != operation.product);
        let foreign_codes: Vec<_> = others
            .flat_map(|other| &other.errors)
            .map(|error| error.code)
            .collect();
        let codes = alibaba.documented_codes().into_iter();
        for code in codes.filter(|code| !foreign_codes.contains(code)) {
            let error = alibaba.documented_error(code, Some(operation.action));
            let message = error.expect(code).message;
            let mut words = message.split(|character: char| !character.is_alphanumeric());
            // Two codes contain the name of the parameter. So do the only text of `AliasAlreadyExists`, and that of
            // GetKeyPolicy for an unknown policy.
            let foreign = words.find(|word| {
                !["AliasName", "DryRun", "Policy", "ResourceId"].contains(word)
                    && all.contains(word)
                    && !own.contains(word)
            });
            assert_eq!(foreign, None, "{} {code}: {message}", operation.action);
        }
    }
    for (code, message) in [
        (
            "InvalidParameter",
            "The specified parameter Filters is not valid.",
        ),
        ("MissingParameter", "The parameter needed but no provided."),
        ("Forbidden.ResourceNotFound", "Resource not found"),
        ("Rejected.ResourceInUse", "The resource is in use."),
        (
            "Rejected.UnsupportedOperation",
            "This action is not supported.",
        ),
    ] {
        let error = alibaba.documented_error(code, Some("ListSecrets")).unwrap();
        assert_eq!(error.message, message);
    }
    let of_restore = alibaba.documented_error("Rejected.ResourceInUse", Some("RestoreSecret"));
    assert_eq!(of_restore.unwrap().message, "restore normal secret");
}

/// D: the tables of errors in the vendor's metadata, 2024.
#[test]
fn faults_have_the_texts_that_their_operation_documents() {
    let alibaba = &clouds::with_default_settings().alibaba;
    for (action, code, status, message) in [
        (
            "CreateSecret",
            "Forbidden.ResourceNotFound",
            404,
            "The resource is not found.",
        ),
        (
            "UpdateSecret",
            "Rejected.ResourceExist",
            409,
            "The request was rejected becasue key already exsit",
        ),
        (
            "SetKeyPolicy",
            "Forbidden.ResourceNotFound",
            404,
            "Policy not found.",
        ),
    ] {
        let error = alibaba.documented_error(code, Some(action)).expect(code);
        assert_eq!(
            (error.status, &*error.message),
            (status, message),
            "{action}"
        );
    }
}

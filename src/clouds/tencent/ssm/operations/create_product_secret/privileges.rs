//! The privileges of an account of a database.

use serde::Deserialize;

use crate::clouds::description::ValueType;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Arguments, Member, Structs, WireType, invalid};

const fn text(name: &'static str) -> Member {
    Member {
        name,
        wire_type: WireType::String,
        required: false,
    }
}

pub(super) const PRIVILEGES_LIST: Structs = Structs {
    name: "PrivilegesList",
    value_type: ValueType::ObjectList,
    item: &WireType::Struct(&[
        Member {
            name: "PrivilegeName",
            wire_type: WireType::String,
            required: true,
        },
        Member {
            name: "Privileges",
            wire_type: WireType::List(&WireType::String),
            required: true,
        },
        text("Database"),
        text("TableName"),
        text("ColumnName"),
        // Of PostgreSQL.
        text("SchemaName"),
        text("SequenceName"),
        text("ProcedureName"),
        text("TypeName"),
        text("FunctionName"),
        text("ViewName"),
        text("MatviewName"),
    ]),
    max_items: 100,
    required: true,
    help: "Objects with a `PrivilegeName` (`GlobalPrivileges`, `DatabasePrivileges`, `TablePrivileges` or `ColumnPrivileges`), the list `Privileges`, and the `Database`, `TableName` and `ColumnName` that they are for.",
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Unit {
    privilege_name: String,
    privileges: Vec<String>,
    #[serde(default)]
    database: String,
    #[serde(default)]
    table_name: String,
    #[serde(default)]
    column_name: String,
}

/// The privileges of `MySQL` for columns, and those that are added for tables, databases and all databases.
const OF_COLUMNS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "REFERENCES"];
const OF_TABLES: [&str; 8] = [
    "DELETE",
    "CREATE",
    "DROP",
    "INDEX",
    "ALTER",
    "CREATE VIEW",
    "SHOW VIEW",
    "TRIGGER",
];
const OF_DATABASES: [&str; 6] = [
    "CREATE TEMPORARY TABLES",
    "LOCK TABLES",
    "EXECUTE",
    "CREATE ROUTINE",
    "ALTER ROUTINE",
    "EVENT",
];
const GLOBAL: [&str; 2] = ["PROCESS", "SHOW DATABASES"];

/// Checks the privileges of a request. They have no effect.
///
/// # Errors
///
/// `InvalidParameterValue` for an unknown level or privilege, or one without its database, table or column.
pub(super) fn check(arguments: &Arguments, product: &str) -> Result<(), ApiError> {
    let units: Vec<Unit> = PRIVILEGES_LIST.read(arguments)?;
    if units.is_empty() {
        return Err(invalid(PRIVILEGES_LIST.name, 0));
    }
    for (index, unit) in units.iter().enumerate() {
        let refuse = |member: &str, value: &str| {
            invalid(&format!("{}.{index}.{member}", PRIVILEGES_LIST.name), value)
        };
        let level = level(&unit.privilege_name);
        let level = level.ok_or_else(|| refuse("PrivilegeName", &unit.privilege_name))?;
        let parts = [
            ("Database", &unit.database),
            ("TableName", &unit.table_name),
            ("ColumnName", &unit.column_name),
        ];
        if let Some((member, _)) = parts[..level].iter().find(|(_, text)| text.is_empty()) {
            return Err(refuse(member, ""));
        }
        if unit.privileges.is_empty() {
            return Err(refuse("Privileges", ""));
        }
        // Other databases have other privileges.
        let is_mysql = product.to_ascii_lowercase().contains("mysql");
        let mut unknown = unit
            .privileges
            .iter()
            .filter(|name| !is_privilege(level, name));
        if let Some(name) = unknown.next().filter(|_| is_mysql) {
            return Err(refuse("Privileges", name));
        }
    }
    Ok(())
}

/// How many of database, table and column a privilege of this name needs.
fn level(name: &str) -> Option<usize> {
    let names = [
        "GlobalPrivileges",
        "DatabasePrivileges",
        "TablePrivileges",
        "ColumnPrivileges",
    ];
    names.iter().position(|known| *known == name)
}

fn is_privilege(level: usize, name: &str) -> bool {
    OF_COLUMNS.contains(&name)
        || (level <= 2 && OF_TABLES.contains(&name))
        || (level <= 1 && OF_DATABASES.contains(&name))
        || (level == 0 && GLOBAL.contains(&name))
}

//! Types of parameters. A constant of one of these types describes a parameter completely: its wire type
//! is checked first, reading it checks its bounds and fills in its default, and the documents are
//! generated from it.

mod arguments;
mod list;
mod scalar;

pub(crate) use arguments::{
    Arguments, Member, OperationParameters, TypedParameter, WireType, invalid,
};
pub(crate) use list::{Structs, Texts};
pub(crate) use scalar::{Bool, Int64, Text, TextRule, Uint64};

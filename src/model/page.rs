/// Which rows of an ordered collection are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// How many rows to pass over.
    pub offset: u64,
    /// The most rows to return.
    pub limit: u32,
}

/// Some rows of a collection and the size of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows asked for; fewer, or none, past the end.
    pub items: Vec<T>,
    /// How many rows there are on all pages together.
    pub total: u64,
}

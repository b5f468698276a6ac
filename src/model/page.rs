/// Which rows of a sorted list to return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// The number of rows to skip.
    pub offset: u64,
    /// The maximum number of rows to return.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of the page; empty past the end.
    pub items: Vec<T>,
    /// The number of rows on all pages.
    pub total: u64,
}

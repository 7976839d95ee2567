//! Nothing here: the tests stand in `it/`.

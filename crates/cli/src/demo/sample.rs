//! The shipped sample: what is on file, what comes in, and the truth (`sample/README.md`).

use serde::Deserialize;
use serde_json::Value;
use tributary_engine::OnFile;
use tributary_formats::read;

const CONTACTS: &[u8] = include_bytes!("../../sample/contacts.jsonl.gz");
const TRANSACTIONS: &[u8] = include_bytes!("../../sample/transactions.jsonl.gz");
const TRUTH: &[u8] = include_bytes!("../../sample/truth.jsonl.gz");

/// Who a transaction really is.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Truth {
    /// The transaction.
    pub reference_id: String,
    /// Rows on file that are this person; none for a new one.
    pub true_reference_ids: Vec<String>,
    /// The person; equal in transactions of the same person.
    pub person_id: String,
}

/// The rows on file.
pub fn contacts() -> anyhow::Result<Vec<OnFile>> {
    crate::rows::contacts(read(CONTACTS)?, None)?.all("sample/contacts")
}

/// The incoming bodies, in order.
pub fn transactions() -> anyhow::Result<Vec<Value>> {
    read(TRANSACTIONS)?.map(|row| Ok(row?.value)).collect()
}

/// The truth about each transaction.
pub fn truth() -> anyhow::Result<Vec<Truth>> {
    read(TRUTH)?.map(|row| Ok(serde_json::from_value(row?.value)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_sample_can_be_read_and_has_its_truth() {
        assert_eq!(contacts().unwrap().len(), 5_000);
        let parsed = crate::rows::transactions(read(TRANSACTIONS).unwrap(), None).unwrap();
        assert_eq!((parsed.rows.len(), parsed.bad_rows), (5_000, 0), "{:?}", parsed.problems);
        let truth = truth().unwrap();
        assert_eq!(truth.iter().filter(|one| !one.true_reference_ids.is_empty()).count(), 2_806);
        let same = |(row, truth): (&Value, &Truth)| row["referenceId"] == truth.reference_id.as_str();
        assert!(transactions().unwrap().iter().zip(&truth).all(same));
    }
}

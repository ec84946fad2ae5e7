"""The pages that a browser shows: Streamlit over the ledger, and the forms that record decisions."""

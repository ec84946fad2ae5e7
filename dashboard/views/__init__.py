"""The pages: one module each, run by Streamlit from its file (`dashboard.sitemap` lists them)."""

"""A page as a value: its state, dials and words, and the answer to what a person does. No server, no Streamlit."""

"""Everything that imports streamlit: the shell, the session, the controls, the player's mount, the exports."""

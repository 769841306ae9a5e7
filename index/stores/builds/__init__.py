"""A folder of builds searched by FAISS: a store."""

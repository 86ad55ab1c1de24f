"""How the store's tables came to be, step by step; run by `api.store.schema`."""

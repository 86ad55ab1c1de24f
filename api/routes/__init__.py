"""The routes for programs: read-only, each with a true description in OpenAPI."""

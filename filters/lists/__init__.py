"""Word lists that come with Orchard, one folder a source; each folder has a NOTICE with its licence."""

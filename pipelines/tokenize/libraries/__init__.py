"""The libraries that encode: one file each, behind the interface in `library`."""

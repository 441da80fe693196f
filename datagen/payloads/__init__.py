"""Payloads: one module a format reads them, `anonymise` replaces personal data, `render` writes them as text.

`check` refuses to let un-anonymised ones leave the machine.
"""

"""The daily e-mail as letters: what an issue says, item by item."""

"""What the pages of a release share, whoever looks: what was posted, the preview, the story of its steps."""

"""What the pages of a release share, whoever looks: the preview, the story of its steps, its texts side by side."""

"""The ground that every step on a release stands on: its states, its content, claims, holds of mails, promises."""

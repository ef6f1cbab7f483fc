"""The contact page, the same for every kind: whom readers and editors may ask, and when the release may run."""

from portal.rules.kinds.fields import Field, Values, typed


def no_public_phone(values: Values) -> bool:
    return not typed(values, "contact_phone")


def timed(values: Values) -> bool:
    return typed(values, "timing") in ("embargo", "schedule")


CONTACT = (
    Field(
        "contact_name",
        "Contact person",
        "Readers and reporters may ask this person. The name stands under the release.",
        required=True,
        page="contact",
        autocomplete="name",
        code="CONTACT",
        said="the name of the contact person",
    ),
    Field(
        "contact_role",
        "Their post",
        "For example: press officer.",
        page="contact",
        autocomplete="organization-title",
        code="CONTACT",
        said="the post of the contact person",
    ),
    Field(
        "contact_email",
        "Public e-mail address",
        "An e-mail address or a telephone number is needed; both are better.",
        "email",
        needed_when=no_public_phone,
        page="contact",
        autocomplete="email",
        inputmode="email",
        code="CONTACT",
        said="an e-mail address or a telephone number for readers",
    ),
    Field(
        "contact_phone",
        "Public telephone number",
        "With the country code: +95 67 555 0142.",
        "phone",
        page="contact",
        autocomplete="tel",
        inputmode="tel",
        code="CONTACT",
    ),
    Field(
        "contact_site",
        "Website",
        "The whole address, with https:// in front.",
        "url",
        page="contact",
        autocomplete="url",
        inputmode="url",
        code="CONTACT",
    ),
    Field(
        "newsroom_name",
        "Whom may we call",
        "Only the editors see this. The person must know the release and be free to answer.",
        required=True,
        page="contact",
        autocomplete="section-newsroom name",
        public=False,
        code="CONTACT",
        said="the name of the person whom the editors may call",
    ),
    Field(
        "newsroom_phone",
        "On which number",
        "Only the editors see this. A mobile number is best, with the country code.",
        "phone",
        required=True,
        page="contact",
        autocomplete="section-newsroom tel",
        inputmode="tel",
        public=False,
        code="CONTACT",
        said="the number that the editors may call",
    ),
    Field(
        "newsroom_hours",
        "Best hours to call",
        "For example: 08:00 to 18:00.",
        page="contact",
        public=False,
        code="CONTACT",
    ),
)

TIMING = (
    Field(
        "timing",
        "When may it run",
        "An embargo is kept: nobody outside the newsroom sees the release before its time.",
        "choice",
        (
            ("immediate", "As soon as an editor has approved it"),
            ("embargo", "Not before a time (embargo)"),
            ("schedule", "At a time"),
        ),
        required=True,
        page="contact",
        public=False,
        code="EMBARGO",
        start="immediate",
        said="when it may run",
    ),
    Field(
        "release_at",
        "Day and time",
        "As a clock shows it in the zone below.",
        "datetime",
        needed_when=timed,
        page="contact",
        public=False,
        code="EMBARGO",
        said="the day and time when it may run",
    ),
    Field(
        "release_timezone",
        "Time zone",
        "We offer the zone of your place. Left empty, the time counts in the zone of this site.",
        "zone",
        page="contact",
        public=False,
        code="EMBARGO",
    ),
    Field(
        "release_fold",
        "The clock shows this time twice",
        "The clocks go back in that night. Choose which of the two you mean.",
        "choice",
        (("earlier", "The earlier one"), ("later", "The later one")),
        page="contact",
        public=False,
        code="EMBARGO",
        said="which of the two times you mean",
    ),
)

TIMING_NAMES = frozenset(field.name for field in TIMING)

"""Who may ask for what: a line for each method of each route of the site and its API, and the answers in tables."""

import dataclasses

STATES = ("private", "hidden", "waiting", "reported", "shared", "deleted", "public")

# By who asks and the state of the car: yes; no, which is a 404 like that of a car that does not exist; or the status.
RULES = {
    # The car in every form, for those who may see it.
    "seen": """
                      private  hidden  waiting  reported  shared  deleted  public
        owner         yes      yes     yes      yes       yes     no       yes
        owner's key   yes      yes     yes      yes       yes     no       yes
        staff         yes      yes     yes      yes       yes     no       yes
        other         no       no      no       yes       yes     no       yes
        other's key   no       no      no       yes       yes     no       yes
        anonymous     no       no      no       yes       yes     no       yes
        tampered      no       no      no       yes       yes     no       yes
    """,
    # What the owner alone does.
    "own": """
                      private  hidden  waiting  reported  shared  deleted  public
        owner         yes      yes     yes      yes       yes     no       yes
        owner's key   yes      yes     yes      yes       yes     no       yes
        staff         no       no      no       no        no      no       no
        other         no       no      no       no        no      no       no
        other's key   no       no      no       no        no      no       no
        anonymous     no       no      no       no        no      no       no
        tampered      no       no      no       no        no      no       no
    """,
    # The same in the API, where a cookie counts for nothing.
    "key": """
                      private  hidden  waiting  reported  shared  deleted  public
        owner         401      401     401      401       401     401      401
        owner's key   yes      yes     yes      yes       yes     no       yes
        staff         401      401     401      401       401     401      401
        other         401      401     401      401       401     401      401
        other's key   no       no      no       no        no      no       no
        anonymous     401      401     401      401       401     401      401
        tampered      401      401     401      401       401     401      401
    """,
    # What concerns the gallery, whoever asks; of a list: whether the car is in it.
    "gallery": """
                      private  hidden  waiting  reported  shared  deleted  public
        owner         no       no      no       yes       no      no       yes
        owner's key   no       no      no       yes       no      no       yes
        staff         no       no      no       yes       no      no       yes
        other         no       no      no       yes       no      no       yes
        other's key   no       no      no       yes       no      no       yes
        anonymous     no       no      no       yes       no      no       yes
        tampered      no       no      no       yes       no      no       yes
    """,
    # What everyone with the address may do.
    "open": """
                      private  hidden  waiting  reported  shared  deleted  public
        owner         no       no      no       yes       yes     no       yes
        owner's key   no       no      no       yes       yes     no       yes
        staff         no       no      no       yes       yes     no       yes
        other         no       no      no       yes       yes     no       yes
        other's key   no       no      no       yes       yes     no       yes
        anonymous     no       no      no       yes       yes     no       yes
        tampered      no       no      no       yes       yes     no       yes
    """,
}

# Method, route, rule, and what is sent: values for the names in the route, the rest as query or form. The car in
# question takes the place of CAR, and is the route's slug unless the line says otherwise; PUBLIC is someone's car in
# the gallery, LINK the text of a link. The rule `list` is `gallery` for a page that lists cars, `mine` likewise `own`;
# a number is the status that everyone gets.
LINES = """
GET   cars/<slug:slug>/                                   seen
GET   cars/<slug:slug>/                                   seen     slug=PUBLIC with=CAR
GET   cars/<slug:slug>/                                   list     slug=PUBLIC
GET   cars/<slug:slug>/original                           seen
GET   cars/<slug:slug>/thumbnail                          seen
GET   cars/<slug:slug>/reconstruction                     seen
GET   cars/<slug:slug>/seen                               seen
GET   cars/<slug:slug>/webp                               seen     size=49152
GET   cars/<slug:slug>/depth/<int:n>                      seen     n=5
GET   cars/<slug:slug>/depths                             seen
GET   cars/<slug:slug>/difference                         seen
GET   cars/<slug:slug>/depths.gif                         seen
GET   cars/<slug:slug>/differences                        seen
GET   cars/<slug:slug>/variation/<int:seed>               seen     seed=1
GET   cars/<slug:slug>/circle/<int:seed>                  seen     seed=1 radius=2
GET   cars/<slug:slug>/circle/<int:seed>/drawing          seen     seed=1 radius=2
GET   cars/<slug:slug>/point                              seen     x=1
GET   cars/<slug:slug>/posterior                          seen
GET   cars/<slug:slug>/steer                              seen
GET   cars/<slug:slug>/steer/ends                         seen
GET   cars/<slug:slug>/code                               seen     price=0.1
GET   cars/<slug:slug>/latents                            seen
GET   cars/<slug:slug>/posteriors                         seen
GET   cars/<slug:slug>/priced                             seen     price=3
GET   cars/<slug:slug>/files                              seen
GET   cars/<slug:slug>/circles                            seen
GET   how/                                                seen     car=CAR
GET   cars/<slug:slug>/link                               seen
GET   cars/<slug:slug>/qr                                 seen
GET   cars/<slug:slug>/morph/<slug:other>/<int:percent>   seen     other=PUBLIC percent=50
GET   cars/<slug:slug>/morph/<slug:other>/<int:percent>   seen     slug=PUBLIC other=CAR percent=50
GET   cars/<slug:slug>/morph/<slug:other>/strip           seen     other=PUBLIC
GET   cars/<slug:slug>/morph/<slug:other>/strip           seen     slug=PUBLIC other=CAR
GET   cars/<slug:slug>/morph/<slug:other>/film.<slug:format>  seen  other=PUBLIC format=gif
GET   cars/<slug:slug>/morph/<slug:other>/film.<slug:format>  seen  slug=PUBLIC other=CAR format=webp
GET   cars/<slug:slug>/embed                              gallery
GET   cars/<slug:slug>/card                               open
POST  cars/<slug:slug>/steer/keep/                        seen
POST  cars/<slug:slug>/delete/                            own
POST  cars/<slug:slug>/publish/                           own      public=0
POST  cars/<slug:slug>/report/                            open     reason=rude

GET   api/v1/cars/<slug:slug>                             seen
DELETE api/v1/cars/<slug:slug>                            key
GET   api/v1/cars/<slug:slug>/alike                       seen
GET   api/v1/cars/<slug:slug>/alike                       list     slug=PUBLIC
GET   api/v1/cars/<slug:slug>/code                        seen
GET   api/v1/cars/<slug:slug>/depth/<int:n>               seen     n=5
GET   api/v1/cars/<slug:slug>/difference                  seen
GET   api/v1/cars/<slug:slug>/variation/<int:seed>        seen     seed=1
GET   api/v1/cars/<slug:slug>/morph/<slug:other>/<int:percent>  seen  other=PUBLIC percent=50
GET   api/v1/cars/<slug:slug>/morph/<slug:other>/<int:percent>  seen  slug=PUBLIC other=CAR percent=50

GET                                                       list
GET   gallery/                                            list
GET   gallery/feed.xml                                    list
GET   sitemap.xml                                         list
GET   robots.txt                                          200
GET   manifest.webmanifest                                200
GET   history/                                            mine
GET   explore/map/                                        list
GET   explore/map/cars.json                               list
GET   api/v1/cars                                         list     limit=100

GET   c/<slug:held>                                       200      held=LINK
GET   c/<slug:held>/picture                               304      held=LINK
GET   c/<slug:held>/depths                                304      held=LINK
GET   c/<slug:held>/card                                  304      held=LINK
GET   c/<slug:held>/code                                  200      held=LINK
POST  c/<slug:held>/keep/                                 404      held=no-link
GET   upload/                                             302
POST  upload/                                             422
GET   code/                                               200
GET   code/tables                                         304
POST  code/                                               422
GET   code/directions                                     304
GET   code/tables                                         304
POST  history/several/                                    own      car=CAR do=hide
POST  history/open/                                       302
POST  history/forget/                                     302
GET   privacy/                                            200
GET   how/                                                200
GET   api/                                                200
GET   api/openapi.json                                    200
GET   explore/                                            200      roll=7
POST  explore/dream/                                      400
GET   explore/dream/<int:seed>                            304      seed=7
GET   explore/map/at                                      304      x=1
GET   explore/dreams                                      304      roll=7
GET   explore/draws                                       304      roll=7
GET   explore/dreams/codes                                304      roll=7
GET   healthz                                             200
POST  api/v1/cars                                         422
POST  api/v1/decode                                       422
GET   api/v1/dreams/<int:seed>                            304      seed=7
"""


@dataclasses.dataclass(frozen=True)
class Line:
    method: str
    route: str
    rule: str
    sent: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, text):
        method, *words = text.split()
        sent = tuple(tuple(word.split("=")) for word in words if "=" in word)
        *route, rule = [word for word in words if "=" not in word]
        return cls(method, "".join(route), rule, sent)

    def __str__(self):
        return " ".join((self.method, self.route or "/", *("=".join(pair) for pair in self.sent)))

    @property
    def lists(self):
        """Whether the answer is a page that has the car on it or not."""
        return self.rule in ("list", "mine")

    def expected(self, who, state):
        """The word, or the status, of the table."""
        rule = {"list": "gallery", "mine": "own"}.get(self.rule, self.rule)
        if rule not in RULES:
            return rule
        (row,) = (line for line in RULES[rule].splitlines() if line.strip().startswith(f"{who}  "))
        return row.removeprefix(" " * 8).removeprefix(who).split()[STATES.index(state)]

    def address(self, names):
        """The address, and what goes along with it: `names` are the slugs and texts that the words stand for."""
        sent = {"slug": "CAR"} | dict(self.sent)
        address, data = f"/{self.route}", {}
        for name, text in sent.items():
            value = names.get(text, text)
            placeholders = [f"<{kind}:{name}>" for kind in ("slug", "int", "str") if f"<{kind}:{name}>" in address]
            for placeholder in placeholders:
                address = address.replace(placeholder, value)
            if not placeholders and name != "slug":
                data[name] = value
        return address, data


TABLE = [Line.read(text) for text in LINES.splitlines() if text]

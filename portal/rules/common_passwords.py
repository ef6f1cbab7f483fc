"""What attackers try first, as far as it is long enough to be accepted by its length."""

_ROWS = (
    "1234567890",
    "12345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "azertyuiop",
    "qwertzuiop",
    "a1b2c3d4e5f6g7h8i9j0",
)
KEY_ROWS = (*_ROWS, *(row[::-1] for row in _ROWS))

EASY_WORDS = frozenset(
    "password passwort passw0rd passcode passphrase welcome letmein admin administrator qwerty iloveyou login secret "
    "changeme default guest user test account newsroom press release editor publish katasandi rahasia matkhau "
    "sandi".split()
)

COMMON = frozenset(
    "thequickbrownfox thequickbrownfoxjumps thequickbrownfoxjumpsoverthelazydog "
    "iloveyousomuch iloveyouforever iloveyoubaby123 mypasswordismypassword ihavenopassword nopasswordneeded "
    "ihateyoupassword passwordispassword thisismypassword thisisapassword thisisnotapassword whatismypassword "
    "youshallnotpass openthedoorplease opensesameopensesame mothersmaidenname maytheforcebewithyou "
    "itsasecrettoeverybody icantrememberit iforgotmypassword forgotmypassword donotforgetthis rememberthispassword "
    "temporarypassword temppassword12345 changethispassword changemechangeme changemeplease pleasechangeme "
    "trustno1trustno1 letmeinletmein letmeinplease123 abcdefghijklmno abc123abc123abc123 aaaaabbbbbccccc "
    "onetwothreefourfive onetwothreefour 1q2w3e4r5t6y7u8i qwertyqwerty123 qwerty123456789 1qaz2wsx3edc4rfv "
    "zaq12wsxcde34rfv passwordpassword password12345678 password123456789 passw0rdpassw0rd p4ssw0rdp4ssw0rd "
    "administrator123 administrator1 adminadminadmin rootrootrootroot superman12345678 footballfootball "
    "manchesterunited liverpoolfootballclub liverpoolfc12345 chelseafc1234567 arsenalfc1234567 realmadrid123456 "
    "barcelona1234567 christianoronaldo cristianoronaldo7 lionelmessi123456 jesuschrist12345 jesuslovesme12345 "
    "godisgoodallthetime godisgreat123456 bismillahirrahmanirrahim allahuakbar12345 alhamdulillah123 "
    "mississippi12345 supercalifragilisticexpialidocious antidisestablishmentarianism starwarsstarwars "
    "harrypotter12345 gameofthrones123 pneumonoultramicroscopic sunshine12345678 princess12345678 dragon1234567890 "
    "iamthebestintheworld fuckyoufuckyou fuckyou123456789 whatever12345678 computer12345678 internet12345678 "
    "michael123456789 jennifer12345678 indonesia1234567 malaysia12345678 singapore1234567 philippines12345 "
    "vietnam123456789 thailand12345678 myanmar123456789 cambodia12345678 australia1234567 indonesiaraya12345 "
    "akucintakamu12345 sayangkamuselamanya majulahsingapura pilipinasangmahal alphabetagammadelta "
    "mondaytuesdaywednesday januaryfebruarymarch redorangeyellowgreen tobeornottobe thatisthequestion "
    "tobeornottobethatisthequestion allyourbasearebelongtous winteriscoming123 hakunamatata12345".split()
)

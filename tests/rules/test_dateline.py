"""The dateline has one form; what differs are the letters of the city."""

import pytest

from portal.rules.dateline import dateline


@pytest.mark.parametrize(
    ("city", "country", "language", "code", "expected"),
    [
        ("Naypyitaw", "Myanmar", "en", "MM", "NAYPYITAW, Myanmar – "),
        ("Surabaya", "Indonesia", "en", "ID", "SURABAYA, Indonesia – "),
        ("Da Lat", "Viet Nam", "en", "VN", "DA LAT, Viet Nam – "),
        ("Đà Lạt", "Việt Nam", "vi", "VN", "ĐÀ LẠT, Việt Nam – "),
        ("Singapore", "Singapore", "en", "SG", "SINGAPORE – "),
        ("singapore ", "Singapore", "en-SG", "sg", "SINGAPORE – "),
        ("新加坡", "新加坡", "zh-Hans", "SG", "新加坡 – "),
        ("Jurong", "Singapore", "en", "SG", "JURONG, Singapore – "),
        ("Monaco", "Monaco", "en", "MC", "MONACO, Monaco – "),
        ("မော်လမြိုင်", "မြန်မာ", "my", "MM", "မော်လမြိုင်၊ မြန်မာ – "),
        ("ဘန်ကောက်", "ထိုင်း", "my-MM", "TH", "ဘန်ကောက်၊ ထိုင်း – "),
        ("เชียงใหม่", "ไทย", "th", "TH", "เชียงใหม่, ไทย – "),
        ("تونس", "تونس", "ar", "TN", "تونس، تونس – "),
        ("თბილისი", "საქართველო", "ka", "GE", "თბილისი, საქართველო – "),
        ("izmir", "Türkiye", "tr", "TR", "İZMİR, Türkiye – "),
        ("şirvan", "Azərbaycan", "az", "AZ", "ŞİRVAN, Azərbaycan – "),
        ("Αθήνα", "Ελλάδα", "el", "GR", "ΑΘΗΝΑ, Ελλάδα – "),
        ("Θεσσαλονίκη", "Greece", "en", "GR", "ΘΕΣΣΑΛΟΝΙΚΗ, Greece – "),
        ("Άγιος Νικόλαος", "Ελλάδα", "el", "GR", "ΑΓΙΟΣ ΝΙΚΟΛΑΟΣ, Ελλάδα – "),
        ("Μάιος", "", "el", "", "ΜΑΪΟΣ – "),
        ("Ταΰγετος", "", "el", "", "ΤΑΫΓΕΤΟΣ – "),
        ("Gießen", "Deutschland", "de", "DE", "GIESSEN, Deutschland – "),
        ("IJmuiden", "Nederland", "nl", "NL", "IJMUIDEN, Nederland – "),
        ("mBaile Átha Cliath", "Éire", "ga", "IE", "mBAILE ÁTHA CLIATH, Éire – "),
        ("Երևան", "Հայաստան", "hy", "AM", "ԵՐԵՎԱՆ, Հայաստան – "),
        ("Ipoh", "", "en", "MY", "IPOH – "),
        ("", "Malaysia", "en", "MY", "Malaysia – "),
        ("", "", "en", "", ""),
    ],
)
def test_a_dateline_is_made_from_its_parts(city, country, language, code, expected):
    assert dateline(city, country, language, code) == expected

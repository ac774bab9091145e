# ruff: noqa: E501 - offices write long lines, and where a line breaks matters to these files
"""Small invented files, one of each format, in the shape that its office gives them."""

OPS_BIBLIO = """<?xml version="1.0" encoding="UTF-8"?>
<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org">
<exchange-documents><exchange-document system="ops.epo.org" family-id="90000001" country="EP" doc-number="9000001" kind="A1">
<bibliographic-data>
<publication-reference>
<document-id document-id-type="docdb"><country>EP</country><doc-number>9000001</doc-number><kind>A1</kind><date>20200115</date></document-id>
<document-id document-id-type="epodoc"><doc-number>EP9000001</doc-number><date>20200115</date></document-id></publication-reference>
<classifications-ipcr><classification-ipcr sequence="1"><text>H01M   4/    13            A I                    </text></classification-ipcr></classifications-ipcr>
<patent-classifications>
<patent-classification sequence="1"><classification-scheme office="EP" scheme="CPCI"/><section>H</section><class>01</class><subclass>M</subclass><main-group>4</main-group><subgroup>131</subgroup><classification-value>I</classification-value><generating-office>EP</generating-office></patent-classification>
<patent-classification sequence="2"><classification-scheme office="EP" scheme="CPCI"/><section>H</section><class>01</class><subclass>M</subclass><main-group>4</main-group><subgroup>131</subgroup><classification-value>I</classification-value><generating-office>US</generating-office></patent-classification>
</patent-classifications>
<application-reference doc-id="1"><document-id document-id-type="docdb"><country>EP</country><doc-number>19900001</doc-number><kind>A</kind></document-id>
<document-id document-id-type="epodoc"><doc-number>EP20190900001</doc-number><date>20190710</date></document-id></application-reference>
<priority-claims><priority-claim sequence="1" kind="national">
<document-id document-id-type="epodoc"><doc-number>FR20180056001</doc-number><date>20180712</date></document-id>
<document-id document-id-type="original"><doc-number>1856001</doc-number></document-id>
<priority-active-indicator>YES</priority-active-indicator></priority-claim></priority-claims>
<parties><applicants>
<applicant sequence="1" data-format="epodoc"><applicant-name><name>UNIV DES VERRES INVENTEE [FR]
</name></applicant-name></applicant>
<applicant sequence="1" data-format="original"><applicant-name><name>Université des verres inventée</name></applicant-name></applicant>
</applicants><inventors>
<inventor sequence="1" data-format="epodoc"><inventor-name><name>VERRIER ALICE [FR]</name></inventor-name></inventor></inventors></parties>
<invention-title lang="fr">Électrode pour accumulateur</invention-title><invention-title lang="en">Electrode for a battery</invention-title>
<references-cited><citation cited-phase="search" sequence="1"><patcit num="1"><document-id document-id-type="docdb"><country>US</country><doc-number>8000001</doc-number><kind>B2</kind></document-id></patcit><category>X</category></citation></references-cited>
</bibliographic-data><abstract lang="en"><p>An electrode.</p></abstract></exchange-document></exchange-documents></ops:world-patent-data>
"""


def family_member(publication, kind, on, application, filed, *, country, app_kind="A", priorities=(), events=""):
    """One member of a family answer of OPS."""
    claims = "".join(
        f'<priority-claim sequence="{number}" kind="national"><document-id document-id-type="docdb"><country>{where}'
        f"</country><doc-number>{text}</doc-number><kind>{sort}</kind><date>{day}</date></document-id>"
        f"<priority-active-indicator>{active}</priority-active-indicator>"
        f"{f'<priority-linkage-type>{link}</priority-linkage-type>' if link else ''}</priority-claim>"
        for number, (where, text, sort, day, active, link) in enumerate(priorities, start=1)
    )
    office = "EP" if app_kind == "W" else country
    return (
        f'<ops:family-member family-id="90000001"><publication-reference><document-id document-id-type="docdb">'
        f"<country>{country}</country><doc-number>{publication}</doc-number><kind>{kind}</kind><date>{on}</date>"
        f'</document-id></publication-reference><application-reference doc-id="1">'
        f'<document-id document-id-type="docdb"><country>{office}</country><doc-number>{application}</doc-number>'
        f"<kind>{app_kind}</kind><date>{filed}</date></document-id></application-reference>{claims}{events}"
        f"</ops:family-member>"
    )


FIRST = ("FR", "1856001", "A", "20180712", "YES", "")
INTERNATIONAL = ("EP", "2019068001", "W", "20190710", "NO", "W")


def family(*members):
    """A family answer of OPS."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" '
        'xmlns:ops="http://ops.epo.org"><ops:patent-family total-result-count="1">'
        f"{''.join(members)}</ops:patent-family></ops:world-patent-data>"
    )


def legal(code, words, influence, on, *, country="EP", number="19900001", details=()):
    """One legal event of OPS."""
    fields = "".join(f'<ops:{tag} desc="{desc}">{text}</ops:{tag}>' for tag, desc, text in details)
    return (
        f'<ops:legal code="{code:<4}" desc="{words}" infl="{influence}">'
        f'<ops:L001EP desc="Country Code">{country}</ops:L001EP><ops:L003EP desc="Document Number">    {number}'
        f'</ops:L003EP><ops:L004EP desc="Kind Code">A</ops:L004EP><ops:L007EP desc="Gazette DATE">{on}</ops:L007EP>'
        f'<ops:L008EP desc="Legal Event Code 1">{code}</ops:L008EP><ops:L018EP desc="DATE last exchanged">0001-01-01'
        f"</ops:L018EP><ops:L500EP>{fields}</ops:L500EP></ops:legal>"
    )


FEE_PAID = legal(
    "PGFP",
    "ANNUAL FEE PAID TO NATIONAL OFFICE",
    "+",
    "2023-08-16",
    details=(
        ("L501EP", "Ref Country Code", "FR"),
        ("L518EP", "Payment DATE", "20230725"),
        ("L520EP", "Year of Fee Payment", "05"),
    ),
)
LAPSED = legal(
    "PG25",
    "LAPSED IN A CONTRACTING STATE",
    "-",
    "2022-04-01",
    details=(("L501EP", "Ref Country Code", "AT"), ("L525EP", "Effective DATE", "20220112")),
)
OPS_FAMILY = family(
    family_member(
        "9000001", "A1", "20200115", "19900001", "20190710", country="EP", priorities=[FIRST], events=FEE_PAID + LAPSED
    ),
    family_member("9000001", "B1", "20220112", "19900001", "20190710", country="EP", priorities=[FIRST]),
    family_member("3083001", "A1", "20200117", "1856001", "20180712", country="FR"),
    family_member(
        "2020012001", "A1", "20200116", "2019068001", "20190710", country="WO", app_kind="W", priorities=[FIRST]
    ),
    family_member(
        "2021300001",
        "A1",
        "20210930",
        "201917250001",
        "20190710",
        country="US",
        priorities=[FIRST, INTERNATIONAL],
    ),
)

DOCDB_FRAGMENT = (
    '<exch:exchange-document country="YU" doc-number="1401" kind="A" date-publ="20031231" family-id="90000002" '
    'date-of-last-exchange="20230219"><exch:bibliographic-data><exch:publication-reference data-format="docdb">'
    "<document-id><country>YU</country><doc-number>1401</doc-number><kind>A</kind><date>20031231</date></document-id>"
    '</exch:publication-reference><exch:application-reference data-format="docdb"><document-id><country>YU</country>'
    "<doc-number>1401</doc-number><kind>A</kind><date>19990602</date></document-id></exch:application-reference>"
    '<exch:priority-claims><exch:priority-claim sequence="1" data-format="docdb"><document-id><country>US</country>'
    "<doc-number>9500698</doc-number><kind>P</kind><date>19980730</date></document-id><priority-active-indicator>Y"
    '</priority-active-indicator></exch:priority-claim><exch:priority-claim sequence="1" data-format="epodoc">'
    "<document-id><doc-number>US19980095006P</doc-number></document-id></exch:priority-claim></exch:priority-claims>"
    '<exch:parties><exch:applicants><exch:applicant sequence="1" data-format="docdb"><exch:applicant-name><name>'
    "STAKLO D O O          </name></exch:applicant-name><residence><country>YU</country></residence></exch:applicant>"
    '<exch:applicant sequence="1" data-format="docdba"><exch:applicant-name><name>STAKLO D.O.O.</name>'
    "</exch:applicant-name></exch:applicant></exch:applicants></exch:parties>"
    '<exch:invention-title lang="sh">&SACUTE;oljice i ko&ccaron;ije &ndash; izum</exch:invention-title>'
    "</exch:bibliographic-data></exch:exchange-document>"
)


def european(version="1-5-1", kind="B1", extra="", text=""):
    """A document of the European publication server."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ep-patent-document PUBLIC "-//EPO//EP PATENT DOCUMENT//EN" "ep-patent-document-v{version}.dtd">
<ep-patent-document id="EP19900001{kind}" lang="fr" country="EP" doc-number="9000001" kind="{kind}" date-publ="20220112" dtd-version="ep-patent-document-v{version}">
<SDOBI lang="fr"><B100><B110>9000001</B110><B130>{kind}</B130><B140><date>20220112</date></B140><B190>EP</B190></B100>
<B200><B210>19900001.8</B210><B220><date>20190710</date></B220><B260>fr</B260></B200>
<B300><B310>1856001</B310><B320><date>20180712</date></B320><B330><ctry>FR</ctry></B330><B310>62/700,001</B310><B320><date>20180901</date></B320><B330><ctry>US</ctry></B330></B300>
<B400><B405><date>20220112</date></B405><B450><date>20220112</date></B450></B400>
<B500><B510EP><classification-ipcr sequence="1"><text>H01M   4/13        20100101AFI20191003BHEP        </text></classification-ipcr></B510EP>
<B540><B541>de</B541><B542>ELEKTRODE</B542><B541>fr</B541><B542>ÉLECTRODE</B542></B540><B560><B561><text>WO-A1-2014/114885</text></B561></B560></B500>
<B600><B620><parent><pdoc><dnum><anum>18748586.7</anum></dnum><date>20180201</date></pdoc></parent></B620></B600>
<B700><B720><B721><snm>VERRIER, Alice</snm><adr><city>Brest</city><ctry>FR</ctry></adr></B721></B720>
<B730><B731><snm>Université des verres inventée</snm><iid>101</iid><adr><str>UDAPI rue des Fours</str><city>Brest</city><ctry>FR</ctry></adr></B731></B730></B700>
<B800><B840><ctry>DE</ctry><ctry>FR</ctry></B840><B860><B861><dnum><anum>EP2019068001</anum></dnum><date>20190710</date></B861></B860>
<B870><B871><dnum><pnum>WO02020444</pnum></dnum><date>20020314</date></B871></B870>{extra}</B800></SDOBI>{text}</ep-patent-document>
"""


INPI = """<?xml version="1.0" encoding="UTF-8"?>
<fr-patent-document id="F1" doc-number="3083001" kind="B1" family-id="90000001" date-produced="20240105" lang="fr">
<fr-bibliographic-data>
<fr-publication-data><fr-publication-reference data-format="docdb"><document-id><country>FR</country><doc-number>3083001</doc-number><kind>B1</kind><date>20210402</date></document-id></fr-publication-reference>
<fr-publication-reference data-format="inpi"><document-id><country>FR</country><doc-number>3083001</doc-number><kind>B1</kind><date>20210402</date></document-id><fr-bopinum>2021-13</fr-bopinum><fr-nature>BREVET</fr-nature></fr-publication-reference></fr-publication-data>
<fr-application-reference data-format="inpi"><document-id><country>FR</country><doc-number>1856001</doc-number><date>20180712</date></document-id></fr-application-reference>
<fr-priority-claims><fr-priority-claim sequence="1" kind="national"><country>FR</country><doc-number>1756999</doc-number><date>20170713</date></fr-priority-claim></fr-priority-claims>
<invention-title lang="fr">Électrode pour accumulateur</invention-title>
<related-documents><division><relation><parent-doc><document-id><country>FR</country><doc-number>1655555</doc-number><date>20160615</date></document-id></parent-doc></relation></division></related-documents>
<parties><applicants><applicant sequence="1"><addressbook><orgname>UNIVERSITE DES VERRES INVENTEE</orgname><iid>356000000</iid><address><city>BREST</city><country>FR</country></address></addressbook></applicant>
<applicant sequence="2"><addressbook><orgname>VERRERIES DE PERROS SAS</orgname><iid>12</iid><address><country>FR</country></address></addressbook></applicant></applicants>
<inventors><inventor sequence="1"><addressbook><last-name>VERRIER</last-name><first-name>ALICE</first-name><address><country>FR</country></address></addressbook></inventor></inventors></parties>
<fr-owners><fr-owner sequence="1"><addressbook><orgname>UNIVERSITE DES VERRES INVENTEE</orgname><iid>356000000</iid></addressbook></fr-owner></fr-owners>
</fr-bibliographic-data>
<fr-patent-life><fr-date-availability><fr-last-fee-payement percentile="6"><date>20230713</date></fr-last-fee-payement><fr-next-fee-payement percentile="7"><date>20240731</date></fr-next-fee-payement>
<fr-date-granted><date>20210402</date></fr-date-granted></fr-date-availability>
<fr-inscription><registered-number>0300001</registered-number><date>20220301</date><fr-code-inscription>TP</fr-code-inscription><fr-nature-inscription>TRANSMISSION DE PROPRIETE</fr-nature-inscription></fr-inscription>
<fr-status-list><fr-status>EN VIGUEUR</fr-status></fr-status-list></fr-patent-life>
</fr-patent-document>
"""

USPTO_GRANT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>
<us-patent-grant lang="EN" country="US" date-publ="20150106"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>08900118</doc-number><kind>B2</kind><date>20150106</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country><doc-number>13349001</doc-number><date>20120112</date></document-id></application-reference>
<priority-claims><priority-claim sequence="01" kind="national"><country>JP</country><doc-number>2008-148514</doc-number><date>20080605</date></priority-claim></priority-claims>
<classifications-ipcr><classification-ipcr><ipc-version-indicator><date>20060101</date></ipc-version-indicator><section>H</section><class>05</class><subclass>B</subclass><main-group>33</main-group><subgroup>14</subgroup><symbol-position>F</symbol-position><classification-value>I</classification-value></classification-ipcr></classifications-ipcr>
<invention-title id="t">Lamp</invention-title>
<us-related-documents><continuation><relation><parent-doc><document-id><country>US</country><doc-number>12900001</doc-number><date>20081017</date></document-id></parent-doc><child-doc><document-id><country>US</country><doc-number>13349001</doc-number></document-id></child-doc></relation></continuation></us-related-documents>
<us-parties><us-applicants><us-applicant sequence="001" app-type="applicant"><addressbook><orgname>Lamps Invented Inc.</orgname><address><city>Reno</city><country>US</country></address></addressbook></us-applicant></us-applicants>
<inventors><inventor sequence="001"><addressbook><last-name>Kato</last-name><first-name>Tomoki</first-name><address><country>JP</country></address></addressbook></inventor></inventors></us-parties>
</us-bibliographic-data-grant></us-patent-grant>
"""

USPTO_2002 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PATDOC SYSTEM "ST32-US-Grant-025xml.dtd" [ <!ENTITY US1.TIF SYSTEM "US1.TIF" NDATA TIF> ]>
<PATDOC DTD="2.5"><SDOBI><B100><B110><DNUM><PDAT>06330001</PDAT></DNUM></B110><B130><PDAT>B1</PDAT></B130><B140><DATE><PDAT>20020101</PDAT></DATE></B140><B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09413001</PDAT></DNUM></B210><B220><DATE><PDAT>19991005</PDAT></DATE></B220></B200>
<B500><B510><B511><PDAT>B32B  302</PDAT></B511></B510><B540><STEXT><PDAT>A &mgr;m film</PDAT></STEXT></B540></B500>
<B700><B720><B721><PARTY-US><NAM><FNM><PDAT>Per</PDAT></FNM><SNM><STEXT><PDAT>Strand</PDAT></STEXT></SNM></NAM><ADR><CITY><PDAT>Bergen</PDAT></CITY><CTRY><PDAT>NO</PDAT></CTRY></ADR></PARTY-US></B721></B720>
<B730><B731><PARTY-US><NAM><ONM><STEXT><PDAT>Film AS</PDAT></STEXT></ONM></NAM><ADR><CTRY><PDAT>NO</PDAT></CTRY></ADR></PARTY-US></B731></B730></B700></SDOBI></PATDOC>
"""

USPTO_2001 = """<?xml version="1.0" encoding="UTF-8"?>
<patent-application-publication><subdoc-bibliographic-information>
<document-id><doc-number>20010000943</doc-number><kind-code>A1</kind-code><document-date>20010510</document-date></document-id>
<domestic-filing-data><application-number><doc-number>09727001</doc-number></application-number><filing-date>20001204</filing-date></domestic-filing-data>
<foreign-priority-data><priority-application-number><doc-number>11-097727</doc-number></priority-application-number><filing-date>19990405</filing-date><country-code>JP</country-code></foreign-priority-data>
<technical-information><classification-ipc><classification-ipc-primary><ipc>H01J001/62</ipc></classification-ipc-primary></classification-ipc><title-of-invention>Lamp</title-of-invention></technical-information>
<continuity-data><continuations><continuation-of><parent-child><child><document-id><doc-number>09727001</doc-number></document-id></child><parent><document-id><doc-number>PCT/JP00/02182</doc-number><document-date>20000404</document-date></document-id></parent></parent-child></continuation-of></continuations></continuity-data>
<inventors><first-named-inventor><name><given-name>Ken</given-name><family-name>Fukui</family-name></name><residence><residence-non-us><city>Chiba</city><country-code>JP</country-code></residence-non-us></residence></first-named-inventor></inventors>
<assignee><organization-name>Lamps Invented Inc.</organization-name></assignee>
</subdoc-bibliographic-information></patent-application-publication>
"""

GREENBOOK = """PATN
WKU  043470010
SRC  6
APN  1925296
APD  19800310
TTL  Reading
      balance
ISD  19820907
INVT
NAM  Yano; Shozo
CTY  Kyoto
CNT  JPX
ASSG
NAM  Balances Invented Corporation
CNT  JPX
PRIR
CNT  JPX
APD  19780710
APN  53/84696
CLAS
ICL  G01G 1904
PCTA
PCN  PCT/JP79/00178
PD3  19790705
"""

PORTAL = {
    "count": 1,
    "patentBag": [
        {
            "applicationNumberText": "15120001",
            "filingDate": "2016-09-02",
            "inventionTitle": "RETRACTOR",
            "earliestPublicationNumber": "US 2017-0070001 A1",
            "earliestPublicationDate": "2017-03-16",
            "cpcClassificationBag": ["A61B13/00"],
            "applicantBag": [{"applicant": "Hospital Invented"}],
            "inventorBag": [{"firstName": "Marvin", "lastName": "Wong", "inventorNameText": "Marvin Wong"}],
            "foreignPriorityBag": [
                {"priorityNumberText": "2017-187096", "filingDate": "2017-09-27", "countryName": "JAPAN"}
            ],
            "continuityBag": {
                "parentContinuityBag": [
                    {
                        "claimParentageTypeCode": "NST",
                        "filingDate": "2015-04-22",
                        "parentApplicationNumberText": "PCT/US15/27322",
                        "childApplicationNumberText": "15120001",
                    },
                    {
                        "claimParentageTypeCode": "PRO",
                        "filingDate": "2014-04-22",
                        "parentApplicationNumberText": "61983088",
                        "childApplicationNumberText": "PCT/US15/27322",
                    },
                ]
            },
            "transactionContentBag": [
                {"recordedDate": "2016-09-02", "caseActionCode": "IEXX", "caseActionDescriptionText": "Exam"}
            ],
            "assignmentBag": [
                {
                    "reelNumber/frameNumber": "047305/0442",
                    "assignmentRecordedDate": "2018-10-25",
                    "conveyanceText": "ASSIGNMENT",
                    "assignorBag": [{"executionDate": "2018-09-23", "assignorName": "WONG, MARVIN "}],
                    "assigneeBag": [{"assigneeNameText": "HOSPITAL INVENTED"}],
                }
            ],
        }
    ],
}

ASSIGNMENT = """<?xml version="1.0" encoding="UTF-8"?>
<response><result name="response" numFound="1" start="0"><doc>
<str name="id">18247-405</str><str name="displayId">018247-0405</str><str name="conveyanceText">MERGER</str>
<date name="recordedDate">2006-09-14T04:00:00Z</date>
<arr name="patAssignorName"><str>OLD DATA INC.</str></arr><arr name="patAssignorExDate"><date>2006-09-13T04:00:00Z</date></arr>
<arr name="patAssigneeName"><str>NEW DATA LLC</str></arr><arr name="patAssigneeCountryName"><str>NULL</str></arr><arr name="patAssigneeState"><str>NEW YORK</str></arr>
<arr name="inventionTitle"><str>STORAGE</str><str>RETRIEVAL</str></arr><arr name="inventionTitleLang"><str>en</str><str>en</str></arr>
<arr name="applNum"><str>10620001</str><str>10620002</str></arr><arr name="filingDate"><date>2003-07-28T04:00:00Z</date><date>2003-07-29T04:00:00Z</date></arr>
<arr name="publNum"><str>20040073746</str><str>NULL</str></arr><arr name="publDate"><date>2004-04-15T04:00:00Z</date><date>0001-01-01T00:00:00Z</date></arr>
<arr name="patNum"><str>NULL</str><str>7000001</str></arr><arr name="issueDate"><date>0001-01-01T00:00:00Z</date><date>2006-02-14T00:00:00Z</date></arr>
</doc></result></response>
"""

LENS_HEADER = (
    "Jurisdiction,Kind,Publication Number,Lens ID,Publication Date,Application Number,Application Date,"
    "Priority Numbers,Title,Applicants,Inventors,Simple Family Size,CPC Classifications,IPCR Classifications\n"
)
LENS = LENS_HEADER + (
    "US,A1,US 2013/0101709 A1,000-1,25/04/13,US 201213657122 A,22/10/12,US 201161550506 P 20111024;;CA 783996T A,"
    "Oven,CENTRE NAT RECH SCIENT;;KRESS; ROBERT W.;;VERRES SA ; FOURS SA,RADER JEFF,2,A23L1/0067;;G01G19/00,A23L1/00;;C07C\n"
    "WO,A1,WO 2004/040001 A1,000-2,02/05/66,US 2004/0004764 W,18/02/04,,Lid,,,1,,\n"
)
ESPACENET = (
    '"Espacenet";"";"";"";"";"";"";"";"";\n"2 results found";"";"";"";"";"";"";"";"";\n'
    '"No";"Title";"Inventors";"Applicants";"Publication number";"Earliest priority";"IPC";"CPC";"Publication date";'
    '"Earliest publication";"Family number";\n'
    '"1";"LENTILLE DE LIQUIDE";"KIM JUN [KR]";"KIM JUN [KR] \nTOP ENG CO LTD [KR]";"WO2007091771A1";"2006-02-06";'
    '"G02B3/12";"G02B26/005 (EP) \nG02B3/14 (EP)";"2007-08-16";"2007-08-09";"038345342";\n'
    '"2";"LENTILLE PLATE";"ROE [FR] DOE [FR]";"VERRES INVENTES [FR] DOE [FR]";"CA1287993C";"1987-07-07";'
    '"G02C7/06 G02C7/02";"";"1991-08-27";"1989-01-12";"009352947";\n'
)
PATENTSCOPE = (
    "Publication Number,Publication Date,Title,Priority Data,IPC,Applicants,Inventors,FP Image\n"
    "US20090208610,21.08.2009,PIZZA,[200402236U 2004-10-01T23:59:59.000Z ES],A21D 13/00;A21D 13/00;A23L 1/16,NA,Sanchez Isabel,NA\n"
    'EP1820402,23.08.2007,OVEN,"[60/225,166 14.08.2000 US, EP 20120626 12173640.9, odd]",A21D 13/,FOURS;Roe Jane,NA,NA\n'
    "mxPA/a/2005/008192,25.07.2006,Cost per\rAction,NA,NA,NA,NA,NA\n"
    "kr1020040012345,NA,NA,NA,NA,NA,NA,NA\n"
)

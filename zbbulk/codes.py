"""Every code that zbbulk gives, with its title, why it matters and the fix.

One table feeds messages, ``zbbulk explain``, ``docs/errors.md`` and the tests.
Codes are never reused or renumbered. Families: ZB0 usage, ZB1 read, ZB2 map,
ZB3 check, ZB4 send, ZB5 record, ZB9 our bug. Zoho's own codes are not here.
"""

from __future__ import annotations

from typing import NamedTuple


class CodeHelp(NamedTuple):
    """What is told about a code.

    Attributes:
        title: One line, what is wrong in general.
        why: Why it is refused, or what it leads to.
        fix: What the user can do.
    """

    title: str
    why: str
    fix: str


CODES: dict[str, CodeHelp] = {
    # ZB0: how zbbulk was called
    "ZB001": CodeHelp(
        "The command can't be understood",
        "An option or an argument is not one that zbbulk knows.",
        "See `zbbulk --help`, or `--help` behind the command.",
    ),
    "ZB002": CodeHelp(
        "No such mapping",
        "-m takes a path to a YAML file or the name of a mapping that ships with zbbulk.",
        "Give the path of your mapping file, or a name from `zbbulk resources`.",
    ),
    "ZB004": CodeHelp(
        "The address is not safe",
        "Tokens and secrets are sent there: only https, or http on this machine, keeps them secret.",
        "Use --region, or an address that begins with https://.",
    ),
    "ZB005": CodeHelp(
        "Nothing is known about this code",
        "It is neither one of zbbulk's codes nor one of Zoho's that zbbulk has a rule for.",
        "Codes look like ZB204 (zbbulk's) or 1002 (Zoho's). `docs/errors.md` lists them all.",
    ),
    "ZB006": CodeHelp(
        "Unknown resource",
        "A resource is a kind of thing in Zoho Books, such as items or invoices.",
        "`zbbulk resources` lists them.",
    ),
    "ZB007": CodeHelp(
        "Unknown edition",
        "Zoho Books comes in editions for countries; each has fields of its own.",
        "Use one of the codes listed, such as us, in or uk, or leave the edition out.",
    ),
    "ZB008": CodeHelp(
        "The file is there already",
        "It may hold your work, so nothing was overwritten.",
        "Give another name, or add --force to overwrite it.",
    ),
    "ZB009": CodeHelp(
        "The file can't be written",
        "A template becomes an Excel workbook and a copy of a mapping a text file, in a folder that you may write to.",
        "Let the name of a template end in .xlsx and that of a mapping in .yml, and check the folder.",
    ),
    "ZB010": CodeHelp(
        "The embedded books are not there any more",
        "They are in memory and end with their block, unless a file keeps them; a run that went to them can't go on without.",
        "Name the file when they are opened, as in zbbulk.open_sandbox(store='books.sqlite'), and give the open books as target=.",
    ),
    "ZB011": CodeHelp(
        "That is no organization",
        "A function of zbbulk was given something else as target=.",
        "Write `with zbbulk.open_sandbox() as books:` and give target=books, or take what zbbulk.open_organization() returns.",
    ),
    "ZB012": CodeHelp(
        "The result file was changed",
        "What a check found of each row stands only there, in the columns that begin with zb_.",
        "Read the outcomes before the file is changed, or check the sheet again.",
    ),
    "ZB015": CodeHelp(
        "The migration is for another organization",
        "Its `organization:` names the only one whose books may be changed by it.",
        "Name that organization with --organization or ZBBULK_ORGANIZATION_ID, or change the line in the migration file.",
    ),
    "ZB016": CodeHelp(
        "The migration file can't be read",
        "It is a text file in YAML that lists the steps.",
        "Check the path, and save the file as UTF-8.",
    ),
    # ZB1: reading the user's file
    "ZB101": CodeHelp(
        "No such file",
        "The path leads nowhere, so nothing was read.",
        "Check the spelling and the folder; put quotes around a path with spaces.",
    ),
    "ZB102": CodeHelp(
        "The file is empty",
        "There is not even a header row in it.",
        "Export the sheet again, or pick the right file.",
    ),
    "ZB103": CodeHelp(
        "No header row",
        "The mapping names columns by their header, and the header row is blank or missing.",
        "Set `header_row:` in the mapping's `source:` block to the row with the column names.",
    ),
    "ZB104": CodeHelp(
        "A byte can't be read in this encoding",
        "Reading on would turn letters into wrong ones without a word.",
        "Declare the right `encoding:` in the mapping's `source:` block, or save the file as UTF-8.",
    ),
    "ZB105": CodeHelp(
        "A column has no name",
        "A column without a header can't be named in a mapping, and Zoho refuses such files too.",
        "Give the column a header, or delete the column.",
    ),
    "ZB106": CodeHelp(
        "Two columns have the same name",
        "Nothing tells which of the two a mapping means.",
        "Rename one of the two columns.",
    ),
    "ZB107": CodeHelp(
        "The row has more cells than the header",
        "Most often a comma or a quote inside a cell that was not put in quotes: every cell behind it has slipped.",
        "Put quotes around the cell that holds the delimiter, or export the file again.",
    ),
    "ZB108": CodeHelp(
        "No such sheet",
        "The workbook has no sheet of that name.",
        "Set `sheet:` in the mapping's `source:` block to one of the workbook's sheets.",
    ),
    "ZB109": CodeHelp(
        "The workbook is protected by a password",
        "Its content is encrypted and can't be read.",
        "Open it in Excel, remove the password (File > Info > Protect Workbook) and save it.",
    ),
    "ZB110": CodeHelp(
        "The workbook is broken",
        "It does not have the inside that its name promises.",
        "Open it in Excel or LibreOffice and save it again, or export it as CSV.",
    ),
    "ZB111": CodeHelp(
        "Unknown kind of file",
        "zbbulk goes by the end of the file's name.",
        "Use .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb or .ods.",
    ),
    "ZB112": CodeHelp(
        "The quotes in the file do not match",
        "A quote that is opened and not closed swallows the rows behind it.",
        'Close the quote, or write a quote inside a cell twice (""), or export the file again.',
    ),
    "ZB113": CodeHelp(
        "The file can't be opened",
        "The system refused: no right to read it, a folder, or another program holds it.",
        "Close the file elsewhere and check that you may read it.",
    ),
    "ZB114": CodeHelp(
        "A number of more than 15 digits",
        "Excel keeps only 15 digits of a number: the last ones of a long id are already lost.",
        "Format the column as text and enter the id again, or take it from the original source.",
    ),
    "ZB115": CodeHelp(
        "The cell holds an Excel error",
        "A formula in the workbook failed, so there is no value to send.",
        "Repair the formula in the workbook, or clear the cell.",
    ),
    "ZB116": CodeHelp(
        "The file has only one column",
        "Most often the delimiter is another one than expected.",
        "Declare `delimiter:` in the mapping's `source:` block if that is not right.",
    ),
    "ZB117": CodeHelp(
        "Unknown encoding",
        "The name is not one that Python knows.",
        "Use utf-8, utf-16, windows-1252 or another Python codec name.",
    ),
    "ZB118": CodeHelp(
        "The file changed while it was read",
        "The rows of two different states would be mixed.",
        "Wait until the other program has finished writing, and start again.",
    ),
    "ZB119": CodeHelp(
        "Not a delimiter",
        "What parts the cells of a row is one character, and neither a quote nor a line end.",
        'Write `delimiter: ";"`, `","`, `"|"` or `"\\t"` in the mapping\'s `source:` block, or leave it out.',
    ),
    "ZB120": CodeHelp(
        "A formula was never calculated",
        "The program that wrote the workbook put a formula into the cell but not its value, so there is nothing to send.",
        "Open the workbook in Excel or LibreOffice, save it there, and start again.",
    ),
    "ZB121": CodeHelp(
        "Nothing in the file tells its encoding",
        "It is not UTF-8, so it is read as Windows-1252; in another encoding letters would be wrong.",
        "Look at the cell shown. If it is wrong, declare `encoding:` in the `source:` block.",
    ),
    "ZB122": CodeHelp(
        "The file's own mark says UTF-8",
        "The mapping declares another encoding, but the file begins with the mark of UTF-8 and all of it is UTF-8. "
        "A result file of zbbulk is one such.",
        "Nothing to do for a result file that is fed in again; else correct `encoding:` in the mapping.",
    ),
    "ZB123": CodeHelp(
        "The file is UTF-8 in one place and not in another",
        "In any one encoding some of its letters would be wrong ones, and nothing tells which.",
        "Mend the cell that is named and save the file as UTF-8, or declare `encoding:` in the `source:` block.",
    ),
    # ZB2: the mapping, and cells turned into values
    "ZB201": CodeHelp(
        "The mapping is not valid YAML",
        "Nothing can be read from it before this line is mended.",
        "Put quotes around text with special characters, and indent with spaces.",
    ),
    "ZB202": CodeHelp(
        "Unknown word in the mapping",
        "A misspelt word would be ignored, and with it what it was meant to do.",
        "Use one of the words listed, or put a column name in quotes.",
    ),
    "ZB203": CodeHelp(
        "The same key twice",
        "YAML would silently take the last one only.",
        "Delete or rename one of the two.",
    ),
    "ZB204": CodeHelp(
        "Not a number",
        "Money is never guessed at: a comma could be a thousands or a decimal sign.",
        "Write digits and one decimal point, e.g. 1250.00, or declare `numbers:` in the mapping's `source:` block.",
    ),
    "ZB205": CodeHelp(
        "Not a date",
        "The cell does not fit the declared date style, or is no day of the calendar.",
        "Write the date in the declared style, or declare `dates:` in the mapping's `source:` block.",
    ),
    "ZB206": CodeHelp(
        "Neither yes nor no",
        "Zoho takes only true or false here.",
        "Write yes or no (also true/false, y/n, 1/0).",
    ),
    "ZB207": CodeHelp(
        "Not a whole number",
        "Zoho takes only whole numbers here, such as days.",
        "Write digits only, e.g. 30.",
    ),
    "ZB208": CodeHelp(
        "The value is not in the list",
        "The mapping's `values:` names every word it knows and refuses the others.",
        "Correct the cell, add the word to `values:`, or set `other_values: keep` or `blank`.",
    ),
    "ZB209": CodeHelp(
        "The sheet has no such column",
        "The mapping takes a field from a column that the header row does not have.",
        "Correct the column's name in the mapping, or set `header_row:` if the names stand in another row.",
    ),
    "ZB210": CodeHelp(
        "The dates of a column can be read in two ways",
        "3/4 is April in one country and March in another; a wrong guess shifts the books.",
        "Declare `dates:` in the mapping's `source:` block, e.g. dd/mm/yyyy.",
    ),
    "ZB211": CodeHelp(
        "The field rule does not add up",
        "A rule needs exactly one source word, and modifiers that go together.",
        "Use one of `column value template first_of`, once.",
    ),
    "ZB212": CodeHelp(
        "The wrong kind of value in the mapping",
        "A list, a map or a text was expected here.",
        "See `docs/mapping.md` for the shape.",
    ),
    "ZB213": CodeHelp(
        "A part of the mapping is missing",
        "Without it nothing can be sent.",
        "Add it; `docs/mapping.md` shows a whole mapping.",
    ),
    "ZB214": CodeHelp(
        "Zoho Books is not known to have this field",
        "It is sent as it is: Zoho may ignore it, and then the value is lost.",
        "Check the spelling; `zbbulk resources NAME` lists the known fields.",
    ),
    "ZB215": CodeHelp(
        "The cell can't be taken apart",
        "`part:` found fewer pieces than it was to take.",
        "Correct the cell, or add a `default:`.",
    ),
    "ZB216": CodeHelp(
        "Unknown date or number style",
        "The style tells how every cell of the file is read.",
        'Use e.g. dd/mm/yyyy, mm/dd/yyyy, yyyy-mm-dd; "1,234.56", "1.234,56", "1,23,456.78".',
    ),
    "ZB217": CodeHelp(
        "A required field is not mapped",
        "Zoho would refuse every row.",
        "Add the field to `fields:`.",
    ),
    "ZB218": CodeHelp(
        "The edition does not have this field",
        "Each country's edition of Zoho Books has fields of its own; elsewhere Zoho refuses them or drops the value.",
        "Remove the line from `fields:`, or correct the edition if it is not that of your organization.",
    ),
    "ZB219": CodeHelp(
        "Zoho Books does not offer the action",
        "Some kinds of records can be created and never changed over Zoho's API.",
        "Use another `action:`, or make the change in Zoho Books itself.",
    ),
    "ZB220": CodeHelp(
        "The formula can't be understood",
        "It is read before the first row, so that a slip does not show row by row.",
        "Write columns in [brackets] and texts in 'quotes'; docs/mapping.md has all signs and functions.",
    ),
    "ZB221": CodeHelp(
        "The formula can't be computed for this row",
        "A cell is blank or is not what the formula needs, or it divides by zero.",
        "Correct the cells that are named, or let the formula look first: if([Qty] = 0, 0, [Amount] / [Qty]).",
    ),
    "ZB222": CodeHelp(
        "The mapping refuses the row",
        "A branch of `choose:` says `error:` for rows like this one.",
        "Do what the message says, or add a branch to `choose:` that takes such rows.",
    ),
    "ZB223": CodeHelp(
        "The row does not tell debit from credit",
        "`debit_credit:` needs one amount above zero on one side; to guess would turn the books around.",
        "Correct the cells that are named: fill in one side only, without a sign.",
    ),
    "ZB224": CodeHelp(
        "Rows of a document are not said rightly",
        "`group_rows_by:` makes one record of many rows; `each_row:` and `rows:` say how, and have no meaning without it.",
        "Look at the section on documents in docs/mapping.md.",
    ),
    "ZB225": CodeHelp(
        "Sheets are not named rightly",
        "`source:` may name several sheets; `main` is the one whose rows become records, and `rows_from:` takes rows "
        "from another one.",
        "Look at the section on a second sheet in docs/mapping.md.",
    ),
    "ZB226": CodeHelp(
        "The file of another sheet is not there",
        "It is looked for beside the file that you check or import, and then beside the mapping.",
        "Put it there, or correct `file:` in `source:`.",
    ),
    "ZB227": CodeHelp(
        "Nothing to look up here",
        "Only a field that takes the id of another record can be looked up.",
        "Delete `find_by:` and its neighbours, or name the resource with `find_in:`.",
    ),
    "ZB228": CodeHelp(
        "The records can't be looked up that way",
        "They have no such field, or Zoho Books gives no list of them.",
        "Use one of the fields that `zbbulk resources NAME` lists.",
    ),
    "ZB229": CodeHelp(
        "A missing record can't be created from this",
        "Zoho Books needs more than the field that is looked up and those of `where:`.",
        "Add what is needed to `where:`, or import those records first.",
    ),
    "ZB230": CodeHelp(
        "The check does not fit",
        "Each rule of `checks:` has words of its own, and not every resource has what it asks about.",
        "See the rule in `docs/mapping.md`, or remove the check.",
    ),
    "ZB231": CodeHelp(
        "The resource has no such status call",
        "`after_create:` takes the status calls that Zoho Books has for the resource.",
        "Use one of the names listed; `zbbulk resources NAME` shows them too.",
    ),
    "ZB232": CodeHelp(
        "Zoho Books can't find the record by this field",
        "`upsert_by:` needs a resource that offers it and a custom field that allows no duplicates.",
        "Map the custom field by its API name, or use `key:` with `on_match: update`.",
    ),
    "ZB233": CodeHelp(
        "Two steps have the same id",
        "Other steps, folders and reports name a step by its id; capitals make no difference.",
        "Give each step an id of its own.",
    ),
    "ZB234": CodeHelp(
        "`after:` names a step that is not there",
        "It lists the ids of other steps of the same migration.",
        "Correct the name, or delete it.",
    ),
    "ZB235": CodeHelp(
        "The steps wait for one another in a circle",
        "A step waits for those that create what its mapping looks up, and for those it names in `after:`.",
        "Delete an `after:`, or split a step: create the records first, and update them with what refers to others.",
    ),
    "ZB236": CodeHelp(
        "The mapping of a step is not there",
        "A step names the path of its mapping from the migration file, or a mapping that ships with zbbulk.",
        "Correct the path; it counts from the folder of the migration file.",
    ),
    "ZB237": CodeHelp(
        "The file of a step is not there",
        "A step reads the `file:` that it names, or the one that `source:` of its mapping names.",
        "Correct the path; it counts from the folder of the migration file.",
    ),
    "ZB238": CodeHelp(
        "This is a mapping, not a migration",
        "A mapping is for one sheet; a migration file lists several sheets with their mappings.",
        "Use `zbbulk import FILE -m MAPPING`, or name the migration file.",
    ),
    "ZB240": CodeHelp(
        "The address to notify is not safe",
        "A summary of a run is posted over https only, or to this machine.",
        "Write https://... as the receiver gives it.",
    ),
    "ZB241": CodeHelp(
        "The error log can't be understood",
        "It names a custom module and which of its fields say what.",
        "Write `error_log: cm_error_log`, or `error_log: {module: cm_error_log, fields: {cf_why: message}}`.",
    ),
    "ZB244": CodeHelp(
        "The mapping is for another resource",
        "An export is laid out by a mapping of the resource that is exported.",
        "Name the resource of the mapping, or another mapping.",
    ),
    "ZB250": CodeHelp(
        "A mirror is compared with Zoho Books",
        "What was changed in a mirror is known only once it is compared with the records in Zoho Books, and then they are updated; so it can be neither checked alone nor a step of a migration.",
        "Use `zbbulk plan FILE -m MAPPING`, which shows what would change and sends nothing, or `zbbulk import`.",
    ),
    # ZB3: checking a Record
    "ZB301": CodeHelp(
        "A required field is blank",
        "Zoho refuses a record without it.",
        "Fill in the cell, or give the rule a `default:`.",
    ),
    "ZB302": CodeHelp(
        "The text is too long",
        "Zoho refuses it, and cutting it off could make two names the same.",
        "Shorten the text in the sheet.",
    ),
    "ZB303": CodeHelp(
        "Not one of the allowed values",
        "Zoho knows only the values listed.",
        "Use one of the allowed values, or translate yours with `values:` in the mapping.",
    ),
    "ZB304": CodeHelp(
        "The value does not have the right shape",
        "Zoho refuses e.g. an id that is not made of digits.",
        "Correct the cell.",
    ),
    "ZB305": CodeHelp(
        "The value is of the wrong kind",
        "Zoho expects another kind of value here.",
        "Correct the cell or the mapping's rule.",
    ),
    "ZB306": CodeHelp(
        "The number is out of range",
        "Zoho refuses numbers beyond the limit.",
        "Correct the cell.",
    ),
    "ZB307": CodeHelp(
        "The same key stands in two rows",
        "Zoho would take the first and refuse the second, or make two records of one thing.",
        "Delete or correct one of the rows.",
    ),
    "ZB308": CodeHelp(
        "Too few or too many entries",
        "Zoho refuses e.g. a document without a line.",
        "Fill in at least one entry.",
    ),
    "ZB309": CodeHelp(
        "A rule of the schema is broken",
        "Zoho would refuse the record.",
        "Correct the cell.",
    ),
    "ZB310": CodeHelp(
        "The row was sent before",
        "The file is the result of an earlier run, and a record would be made twice.",
        "Nothing to do. To send the row all the same, clear its zb_status cell.",
    ),
    "ZB311": CodeHelp(
        "Another row of the same record can't be sent",
        "These rows make one record in Zoho Books, and it is never sent without one of its lines.",
        "Mend the row that is named, then import all rows of the record.",
    ),
    "ZB312": CodeHelp(
        "Rows of the same record do not agree",
        "Rows with the same key make one record in Zoho Books, which has each field once.",
        "Write the same in all rows of the record, or give the rows different keys.",
    ),
    "ZB313": CodeHelp(
        "No such record in Zoho Books",
        "The id is looked up by the text of the cell, and no record has it.",
        "Correct the cell, or create the record in Zoho Books first.",
    ),
    "ZB314": CodeHelp(
        "Several records with this text",
        "To take any of them would be a guess.",
        "Make the names different, narrow the choice with `where:`, or set `if_many: first_active`.",
    ),
    "ZB315": CodeHelp(
        "Nothing tells whether it goes to another state",
        "Within the organization's state a rate of GST is another tax than between states.",
        "Set the state in the profile of the organization in Zoho Books, or look up by `tax_name`.",
    ),
    "ZB316": CodeHelp(
        "A missing record could not be created",
        "Rows refer to it, so nothing was sent.",
        "Create it in Zoho Books by hand, or correct the cells, and start again.",
    ),
    "ZB317": CodeHelp(
        "Nothing tells which record the row belongs to",
        "The cell of a column of `group_rows_by:` is blank, and nothing is guessed from the rows around it.",
        "Fill in the cell, as it stands in the other rows of the record.",
    ),
    "ZB318": CodeHelp(
        "Rows of another sheet belong to no record",
        "Their cells say nothing that a row of the main sheet says, so nothing of them is sent.",
        "Compare the columns of `where:` in both sheets: a leading zero, a blank or a letter may differ.",
    ),
    "ZB319": CodeHelp(
        "An earlier run created this record",
        "The journals in the folder of runs have a record that is the same in every field.",
        "Nothing to do. To create it once more all the same, add --again.",
    ),
    "ZB320": CodeHelp(
        "Debits and credits differ",
        "Zoho Books refuses a journal that does not balance.",
        "Correct the amounts, or add the missing line.",
    ),
    "ZB321": CodeHelp(
        "An account is debited and credited in the same journal",
        "Zoho Books refuses a journal with one account on both sides.",
        "Net the two lines into one.",
    ),
    "ZB322": CodeHelp(
        "A total differs",
        "What the lines or the rows add up to is not what the sheet or the mapping says.",
        "Look for a missing, doubled or mistyped line.",
    ),
    "ZB323": CodeHelp(
        "A formula of the checks is not true",
        "The mapping asks it of every row, in `checks:`.",
        "Correct the cells that it looks at.",
    ),
    "ZB324": CodeHelp(
        "A record with this key is in Zoho Books already",
        "`on_match:` in the mapping's `key:` says what happens then: error, skip, update or create.",
        "Nothing to do if it is the same thing; else change the row's key.",
    ),
    "ZB325": CodeHelp(
        "The update would drop lines",
        "Zoho Books replaces all lines of a document by those that are sent.",
        "Name each line that stays by its `line_item_id`, or set `lines: append` or `lines_missing: delete` in `key:`.",
    ),
    "ZB326": CodeHelp(
        "Another run has sent this record and lost the answer",
        "Nothing tells yet whether it is in Zoho Books, and it must not be there twice.",
        "Resume the other run: it finds out.",
    ),
    "ZB327": CodeHelp(
        "The record refers to one that is refused",
        "In a migration a record can be sent only when those that it refers to are in Zoho Books.",
        "Mend the row that is named, then start the migration again: it goes on from where it stood.",
    ),
    "ZB328": CodeHelp(
        "The same key but for capitals or spaces",
        "The two rows could not be told apart when they are looked up, and Zoho Books is taken to count them as one: "
        "the second would be refused as a duplicate. Spaces that do not break count as spaces.",
        "Delete one of the rows, or make them differ in a letter or a figure.",
    ),
    "ZB329": CodeHelp(
        "A control character in the text",
        "Nobody can see it, and it is sent as it is: it came most often from another program, in the place of a letter.",
        "Delete it: in Excel with CLEAN(), elsewhere by typing the cell anew.",
    ),
    "ZB330": CodeHelp(
        "Not a GSTIN",
        "Its state, its PAN or its check digit does not fit: most often one sign is mistyped. It is sent all the same.",
        "Compare it with the certificate of registration.",
    ),
    "ZB331": CodeHelp(
        "Not one of the words that Zoho documents",
        "Zoho's list may be incomplete, so it is sent all the same; Zoho may refuse it.",
        "Use one of the words that are named, or turn yours into them with `values:` in the mapping.",
    ),
    "ZB332": CodeHelp(
        "A percentage below 0 or above 100",
        "Most often a sign too many, or an amount in the column of the percentages. It is sent all the same.",
        "Correct the cell; an amount has no % sign.",
    ),
    "ZB333": CodeHelp(
        "An amount that is not above zero",
        "Nothing is paid by it; Zoho Books most likely refuses it. It is sent all the same.",
        "Correct the amount, or delete the row. Money that goes back is another kind of record.",
    ),
    "ZB334": CodeHelp(
        "The text is longer than Zoho Books is known to take",
        "No file of Zoho's tells how much it takes here, so it is sent as it is; Zoho may refuse it.",
        "Shorten the text.",
    ),
    "ZB335": CodeHelp(
        "What is sent replaces what was entered before",
        "An organization has one set of opening balances, and is taken to keep only the last one that is sent.",
        "Put all accounts into one sheet, or add what is missing in Zoho Books by hand.",
    ),
    "ZB340": CodeHelp(
        "There is no such record to delete",
        "No record in Zoho Books has the id or the key of the row: it was deleted before, or the key is misspelt.",
        "Nothing needs to be done if it was meant to be gone; else correct the key.",
    ),
    "ZB341": CodeHelp(
        "Several records have the key",
        "A delete can't be taken back, so none of them is deleted.",
        "Name the one that is meant by its id.",
    ),
    "ZB350": CodeHelp(
        "A row of a mirror has no id",
        "`_id` tells which record in Zoho Books a row shows; without it nothing can be compared.",
        "Import new records by a mapping that creates them; to put a row back, export again.",
    ),
    "ZB351": CodeHelp(
        "The record of a row is not in Zoho Books",
        "It was deleted since the sheet was written, or the sheet shows another organization.",
        "Delete the row, or export again.",
    ),
    "ZB352": CodeHelp(
        "The record was changed in Zoho Books since the sheet was written",
        "What stands there now is newer than what the sheet shows, so nothing of the record is sent.",
        "Export again and make the change there.",
    ),
    "ZB353": CodeHelp(
        "A row names a line that the record does not have",
        "The line was deleted in Zoho Books, or `_line_item_id` was changed in the sheet.",
        "Export again; for a new line leave `_line_item_id` blank.",
    ),
    "ZB354": CodeHelp(
        "A field that was changed is not whole in the sheet",
        "An address or a list is sent whole, and the sheet lacks columns of it: what they hold would be lost.",
        "Export again with all columns of the field.",
    ),
    "ZB355": CodeHelp(
        "A blank cell changes nothing",
        "Zoho Books has a value and the cell of the mirror is blank: it is taken as not filled in.",
        "Write <clear> into the cell to empty the field.",
    ),
    "ZB356": CodeHelp(
        "Columns that can't be changed",
        "Zoho Books computes them, or takes them from another record.",
        "Change what they come from; nothing needs to be done if nobody edited them.",
    ),
    # ZB4: sending
    "ZB401": CodeHelp(
        "Zoho Books refused the record",
        "Zoho's own words are shown beside the row.",
        "Correct the row and import it again.",
    ),
    "ZB402": CodeHelp(
        "Zoho Books refused the access token",
        "The token has expired, or may not do this: every further row would fail too, so the run stopped.",
        "Sign in anew with `zbbulk auth login`, or set ZBBULK_ACCESS_TOKEN to a token whose scopes cover the resource.",
    ),
    "ZB403": CodeHelp(
        "The organization does not belong to this user",
        "The organization id is wrong, or it lives in another data centre.",
        "See which organizations you have with `zbbulk orgs`, name one with --organization, and check --region.",
    ),
    "ZB404": CodeHelp(
        "Zoho Books can't be reached",
        "No connection could be opened; nothing was sent.",
        "Check the network and --region, then start again.",
    ),
    "ZB405": CodeHelp(
        "The answer was lost",
        "The record was sent and may be in Zoho Books; sending it again could make a second one.",
        "Look the record up in Zoho Books, or let `zbbulk resume` look once more.",
    ),
    "ZB406": CodeHelp(
        "Too many requests in a minute",
        "Zoho allows 100 a minute for the whole organization; other apps count too.",
        "Nothing to do: zbbulk waits and goes on slower.",
    ),
    "ZB407": CodeHelp(
        "The day's calls are used up",
        "Zoho allows a number of calls a day by plan, for all apps together.",
        "Go on with `zbbulk resume` after the reset, or ask Zoho for a higher limit.",
    ),
    "ZB408": CodeHelp(
        "Too many requests at once",
        "Zoho allows 10 at once, 5 on the free plan, for all apps together.",
        "Nothing to do: zbbulk sends fewer at once.",
    ),
    "ZB409": CodeHelp(
        "Zoho's answer can't be understood",
        "It is not the JSON that Zoho documents, so nothing tells what became of the record.",
        "Look the record up in Zoho Books before you import this row again.",
    ),
    "ZB410": CodeHelp(
        "Zoho Books had an internal error",
        "Nothing tells whether the record was stored.",
        "Look the record up in Zoho Books before you import this row again.",
    ),
    "ZB411": CodeHelp(
        "The plan of the organization does not allow this",
        "Every further row would be refused too, so the run stopped.",
        "Renew or upgrade the plan in Zoho Books.",
    ),
    "ZB412": CodeHelp(
        "Zoho's sign-in refused to give a token",
        "The client or the refresh token is not valid (any more).",
        "Type `zbbulk auth login` again.",
    ),
    "ZB413": CodeHelp(
        "Zoho's sign-in is blocked for a while",
        "More than 10 tokens were asked for within 10 minutes.",
        "Wait half an hour; trying again makes the block longer.",
    ),
    "ZB414": CodeHelp(
        "Stopped by you",
        "Requests on their way were waited for; the other rows were not sent.",
        "Go on with `zbbulk resume` when you want to.",
    ),
    "ZB415": CodeHelp(
        "No account is given",
        "Without --sandbox, rows go to a real Zoho Books organization.",
        "Type `zbbulk auth login`, or set ZBBULK_ACCESS_TOKEN and ZBBULK_ORGANIZATION_ID; --sandbox needs no account.",
    ),
    "ZB416": CodeHelp(
        "Many rows one after the other ended alike",
        "The cause lies in the whole file or in Zoho Books, so the run stopped; calls are dear.",
        "Mend the cause, then go on with `zbbulk resume`.",
    ),
    "ZB417": CodeHelp(
        "A status call was not made",
        "The record is in Zoho Books; what `after_create:` asks for was not done to it.",
        "Do it in Zoho Books, on the page of the record.",
    ),
    "ZB418": CodeHelp(
        "The file of Zoho's limits can't be used",
        "All processes of this machine count in it what they send to an organization, to keep its limits together.",
        "Free some space, or name another folder with ZBBULK_STATE.",
    ),
    "ZB422": CodeHelp(
        "It is not clear which account is meant",
        "Rows would go into the wrong books if one of two were taken by chance.",
        "Name the account with --profile and the organization with --organization.",
    ),
    "ZB423": CodeHelp(
        "A file of sign-in can't be used",
        "It can't be read or written, is not what `zbbulk auth login` writes, or not what Zoho's API console gives.",
        "Delete the file, and sign in anew with `zbbulk auth login`.",
    ),
    "ZB424": CodeHelp(
        "Nobody has signed in under this name",
        "There is no such profile, or its secrets are gone.",
        "Type `zbbulk auth login --profile NAME`, or see `zbbulk auth status`.",
    ),
    "ZB425": CodeHelp(
        "The browser brought no code",
        "The sign-in was refused, took too long, or something came back that was not asked for.",
        "Type `zbbulk auth login --browser` again, and agree in the browser.",
    ),
    "ZB426": CodeHelp(
        "Zoho did not take the code",
        "A code works once, for a few minutes, in the data centre where it was made and for its own client only.",
        "Make a new code in the API console and give it at once; check --region.",
    ),
    "ZB427": CodeHelp(
        "The sign-in lacks a scope",
        "A token may do only what its scopes say. Items are under settings, accounts and journals under accountants, vendor credits under debitnotes.",
        "Type `zbbulk auth login` again with these scopes, or with ZohoBooks.fullaccess.all.",
    ),
    "ZB428": CodeHelp(
        "The secrets lie in a file",
        "No keyring here keeps them; the file can be read by you alone, and by whoever is you or an administrator.",
        "Nothing to do on a machine of your own; on a shared one, type `zbbulk auth logout` when you are done.",
    ),
    "ZB429": CodeHelp(
        "The edition is not the organization's",
        "Each country's edition has fields and rules of its own: records would be refused, or lose fields in silence.",
        "Set `edition:` in the mapping, or --edition, to the organization's; --no-preflight sends all the same.",
    ),
    "ZB430": CodeHelp(
        "The calls left today do not suffice",
        "Zoho allows a number of calls a day by plan, for all apps together; the run stops when they are used up, and can be gone on with.",
        "Send fewer rows today, wait with --wait, or ask Zoho for a higher limit.",
    ),
    "ZB431": CodeHelp(
        "The organization lacks what the mapping names",
        "Every row that takes it would be refused.",
        "Correct the name in the mapping, or create it in Zoho Books.",
    ),
    "ZB432": CodeHelp(
        "There is no such custom field",
        "Zoho Books drops a custom field that it does not know without a word.",
        "Correct the name in the mapping, or create the field in Zoho Books, under Settings; --no-preflight sends all the same.",
    ),
    "ZB433": CodeHelp(
        "The custom field is not what the mapping needs",
        "An inactive field takes no value, some are filled by Zoho itself, and Zoho finds a record only by a field that allows no duplicates.",
        "Change the field in Zoho Books, under Settings, or take another one; --no-preflight sends all the same.",
    ),
    "ZB434": CodeHelp(
        "Something could not be checked beforehand",
        "Zoho Books did not tell it; what is wrong there shows only when the records are sent.",
        "Import a few rows first with --trial, and look at them in Zoho Books.",
    ),
    # ZB5: recording
    "ZB501": CodeHelp(
        "The result file can't be written",
        "Without it you could not see what became of your rows, so the run stopped.",
        "Free some space or check the folder's rights; what was sent is in the journal.",
    ),
    "ZB502": CodeHelp(
        "The journal can't be written",
        "Without it a crash could send a record twice, so the run stopped.",
        "Free some space or check the folder's rights. Then go on with `zbbulk resume`: it looks up what is in doubt and sends nothing twice.",
    ),
    "ZB503": CodeHelp(
        "The folder of the run can't be made",
        "Results and journal are kept in it.",
        "Free some space, or use --runs to name a folder that you may write to.",
    ),
    "ZB504": CodeHelp(
        "The sandbox can't be opened",
        "Its file is broken, in use, or the port is taken.",
        "Wait until no other zbbulk uses it, or name another file with --store; `zbbulk sandbox serve` takes another port with --port.",
    ),
    "ZB505": CodeHelp(
        "The record is not the one that was planned",
        "Something that the row looks up has changed in Zoho Books since the run was planned.",
        "Import the row anew, as the first row of a new run.",
    ),
    "ZB507": CodeHelp(
        "The record could not be taken back",
        "Zoho Books refuses it, or has no call for it.",
        "Open the record in Zoho Books by its id and see what holds it.",
    ),
    "ZB513": CodeHelp(
        "Another zbbulk is at work in this run",
        "Two of them would send its records twice.",
        "Wait until it has ended, or end it.",
    ),
    "ZB514": CodeHelp(
        "There is no such run",
        "A run is named by its folder below the folder of runs, by a path, or `last`.",
        "List them with `zbbulk runs`, and name the folder of runs with --runs.",
    ),
    "ZB515": CodeHelp(
        "The run's copy of the input was changed",
        "A run is gone on with from the copies in its folder, and only as it was begun.",
        "Restore the folder from a backup, or import the file anew: nothing that was sent is sent twice.",
    ),
    "ZB516": CodeHelp(
        "The run or the plan is of another organization",
        "Its records belong there.",
        "Name the organization that it was made for.",
    ),
    "ZB517": CodeHelp(
        "The file is not a plan",
        "`zbbulk plan` writes plans; each is read by the zbbulk that made it, or one of the same version.",
        "Make the plan anew with `zbbulk plan FILE -m MAPPING -o plan.json`.",
    ),
    "ZB518": CodeHelp(
        "The plan does not hold any more",
        "A plan is carried out exactly as it was agreed to, or not at all.",
        "Make the plan anew, look at it, and apply that.",
    ),
    "ZB523": CodeHelp(
        "The webhook was not told",
        "It did not answer, or not with success. The run itself ended as it is told.",
        "See whether the receiver is up and its address is right; `zbbulk runs` shows how the run ended.",
    ),
    "ZB524": CodeHelp(
        "The notice was not signed",
        "Without a secret the receiver can't tell who sent it.",
        "Set ZBBULK_NOTIFY_SECRET to a secret that the receiver knows, see docs/notify.md.",
    ),
    "ZB530": CodeHelp(
        "The file of an export can't be written so",
        "Its name says what it is, and a file that is there already is not replaced unasked.",
        "Take a name that ends in .xlsx, .csv or .jsonl, in a folder that is there; --force replaces a file.",
    ),
    "ZB531": CodeHelp(
        "No such filter",
        "Zoho Books ignores a filter that it does not know and answers with everything, so each is looked at first.",
        "Use a filter that Zoho documents, or a field that the list shows.",
    ),
    "ZB532": CodeHelp(
        "The list can't be had",
        "Zoho Books has no list of the resource, or lists it only for one parent record.",
        "Name the parent with --where, or look for another resource.",
    ),
    "ZB533": CodeHelp(
        "A value can't stand in the file",
        "A cell of a workbook holds 32,767 characters, and some signs are no text in any file.",
        "Export as .csv or .jsonl, or correct the value in Zoho Books.",
    ),
    "ZB534": CodeHelp(
        "Too many rows for a workbook",
        "A sheet of Excel holds 1,048,576 rows.",
        "Export as .csv, or fewer records with --where or --since.",
    ),
    "ZB535": CodeHelp(
        "No such field",
        "Neither the resource nor what came of Zoho Books has it.",
        "Take the name as `zbbulk resources NAME` shows it.",
    ),
    "ZB536": CodeHelp(
        "That is an export",
        "An export reads and changes nothing, so there is nothing to retry or undo.",
        "Use `zbbulk resume` to go on with one that was broken off.",
    ),
    "ZB537": CodeHelp(
        "The exported file can't be written",
        "All records were read and are kept in the folder of the run.",
        "Free some space or check the folder's rights. Then `zbbulk resume` writes it; records are not read again.",
    ),
    # ZB9: us
    "ZB901": CodeHelp(
        "A fault of zbbulk",
        "This should not have happened.",
        "Please report it with the log of the run; it holds no cell values and no token.",
    ),
}

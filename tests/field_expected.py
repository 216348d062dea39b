"""What real mail did to us, and what is right: the mails of tests/mails/field, by kinds A to W."""

from typing import Any

FIELD: dict[str, dict[str, Any]] = {
    "04a_webform_from_mailbox": {
        "from_address": "pilar.huaman@correo.example"
    },  # From is our own mailbox, Reply-To names the visitor
    "04b_webform_from_noreply": {"from_address": "pilar.huaman@correo.example"},  # nobody reads a no-reply address
    "04d_replyto_personal": {},  # a person's own Reply-To is where letters go; From stays the person
    "13a_new": {
        "says": ["Enviado mi DNI por correo hace un mes, aún no me matriculan.", "Espero respuesta."]
    },  # a sentence of the customer's, not a device's line
    "13b_new": {"says": ["Enviada la tarea desde mi celular"]},  # the same
    "11a_teacher_wrote": {
        "says": ["El 20 de octubre el profesor me escribió", "devolución de S/ 480", "45678912"]
    },  # no history: nobody of ours is named and no > follows
    "11e_dashes": {
        "says": ["Pagué el 3 de noviembre", "Nadie responde", "Pido la devolución"]
    },  # -- is not a signature where sentences follow
    "60a_indent": {
        "says": ["Pagué el 3 de noviembre y no tengo acceso"]
    },  # an indented paragraph of the customer's own
    "60b_own_quote": {
        "says": ["Su pago está conforme", "Pero no tengo acceso"]
    },  # their own quotation of what they were told
    "01b_smime_opaque": {"says": ["Pagué dos veces la matrícula"]},  # signed-data holds the words in the clear
    "02a_winmail_only": {"says": ["No me dejan entrar al aula virtual"]},  # TNEF body; if it cannot be read, say so
    "31_photo_only": {"says_not": ["Recibimos su queja"]},  # our own subject is never their words; the file is named
    "51a_group_plain_from": {"kind": ["complaint"]},  # mail through the school's own group
    "03a_staff_forward_gmail": {},  # whose it is, a person says: tests/mail/test_right_person.py
    "16c_footer_latin1": {"says": ["Señores"], "says_not": ["Ã"]},  # one foreign byte must not garble the rest
    "16g_latin1_euro": {"says": ["€"]},  # iso-8859-1 is read as windows-1252 (WHATWG Encoding)
    "o1_html_then_plain_footer": {
        "says": ["me cobraron dos veces la matrícula", "350 soles"]
    },  # parts of mixed are all read, in order; only branches of one alternative replace each other
    "o2_raw_utf8_name": {"files": ["Constancia de matrícula – año 2026.pdf"]},  # names are decoded as headers are
    "o3_pre": {
        "says": ["Nombre: Elena Vargas Soto\nDNI: 45871236", "Pido la devolucion."],
        "fields": {"document": "45871236"},
    },  # a line break within pre is a line
    "o4_forward_sep": {
        "says": ["mi boleta de octubre tiene un monto", "Ruego corregirla"]
    },  # where nothing of the writer is left, nothing was history
    "o8b_trailing_dot": {
        "from_address": "ana.rios@correo.example"
    },  # what intake accepts our letter must be able to write
    "o10_one_line_labels": {"fields": {"document": "45871236"}},  # a value ends where the next label begins
}

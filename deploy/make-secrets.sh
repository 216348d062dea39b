#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once; what is there already stays as it is.
#
#   deploy/make-secrets.sh 'smtp://user:password@mail.example.org:587' ['imaps://user:password@mail.example.org/INBOX']
#   deploy/make-secrets.sh --demo      letters to the mail catcher (profile demo)
#
# The second address is the mailbox that customers write to; without it the reader only takes what a mail server hands over.
#
# SECRETS_FOLDER (default: secrets) is where they go; POSTGRES_HOST (default: postgres:5432) is what the addresses say.
set -eu
umask 022

folder=${SECRETS_FOLDER:-secrets}
host=${POSTGRES_HOST:-postgres:5432}
case ${1:-} in
    --demo) smtp='smtp://mail:1025?tls=none' ;;
    smtp://* | smtps://*) smtp=$1 ;;
    *)
        echo "Say who takes our letters: deploy/make-secrets.sh 'smtp://user:password@host:587', or --demo." >&2
        exit 2
        ;;
esac

case ${2:-} in
    '' | imap://* | imaps://*) imap=${2:-} ;;
    *)
        echo "The mailbox is imaps://user:password@host/INBOX, or imap://… for STARTTLS." >&2
        exit 2
        ;;
esac

# The folder is its owner's alone. The files in it can be read by all, because each container has a user of its own.
mkdir -p "$folder"
chmod 700 "$folder"

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

keep() { # name, content: written in one step, never over an older one
    [ -e "$folder/$1" ] && return 0
    printf '%s' "$2" >"$folder/$1.new"
    chmod 444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "made $folder/$1"
}

keep postgres_password "$(password)"
keep temporal_password "$(password)"
keep owner_password "$(password)"
keep app_password "$(password)"
keep database_owner_url "postgresql://complaints_owner:$(cat "$folder/owner_password")@$host/complaints?sslmode=disable"
keep database_url "postgresql://complaints_app:$(cat "$folder/app_password")@$host/complaints?sslmode=disable"
keep smtp_url "$smtp"
keep secret_key "$(password)"
# A ring with one key: an id, a blank, 32 bytes as base64.
keep payload_keys "k-$(od -An -N4 -tx1 /dev/urandom | tr -d " \n") $(head -c 32 /dev/urandom | base64)"
keep imap_url "${imap:-none}"
[ -z "$imap" ] || echo "The reader reads it where .env says: IMAP_URL_FILE=/run/secrets/imap_url"

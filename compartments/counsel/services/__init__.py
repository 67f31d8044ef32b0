"""The directory of specialised services outside that people can be referred to. Nothing in it is about a person in counsel."""

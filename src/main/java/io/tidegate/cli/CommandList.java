package io.tidegate.cli;

/** All commands, on one screen. */
final class CommandList {

    static final String TEXT =
            """
              serve         run a server                    put          put one document
              check-config  check its settings              delete       delete one, or a collection
              config        print all settings              load         put the documents of a file
              reload        read files anew                 sync         print the documents
              stop          stop a server                   follow       print each change
              conns         list connections                export       write the documents to a file
              end           end connections                 import       put them back
              nodes         list the nodes of a feed        collections  list collections and their sizes
              token         make and list tokens            backup       copy the store of a server that runs
              bench         measure a server                restore      put a copy in the place of a store
              conformance   try a client                    verify       read all of a store
              completion    print a script for bash         compact      write a store anew
                                                            move         to a log that many share, and back
            """;

    private CommandList() {}
}

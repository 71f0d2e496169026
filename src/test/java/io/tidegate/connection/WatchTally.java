package io.tidegate.connection;

/** What came to pass, so that it can be seen that everything did. */
final class WatchTally {
    int watched;
    int watchedWithDocuments;
    int unwatched;
    int resyncs;
    int resyncsThatAnswer;
    int refused;
    int caughtUp;
    int resumed;
    int goodbyes;
}

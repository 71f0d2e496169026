package io.tidegate.kafka;

import java.io.IOException;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** A broker of Kafka: its data is formatted if it is not yet, and it ends with whoever started it. */
final class BrokerMain {

    private BrokerMain() {}

    /** With the file of the broker's settings, and the id of the cluster. */
    public static void main(String[] args) {
        var watch = new Thread(BrokerMain::endWithInput, "parent");
        watch.setDaemon(true);
        watch.start();
        int formatted = StorageTool.execute(
                new String[] {"format", "--ignore-formatted", "-t", args[1], "-c", args[0]}, System.out);
        if (formatted != 0) {
            // The tool has said why, and its answer is that of this process.
            System.exit(formatted);
        }
        Kafka.main(new String[] {args[0]});
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said: it ends when there is nobody to say it.
            }
        } catch (IOException e) {
            System.err.println("Cannot watch the parent: " + e);
        }
        // Whatever Kafka's hooks would still wait for: nobody is left whom it could serve.
        Runtime.getRuntime().halt(1);
    }
}

/// Shows what is appended to a file, as `tail -f`, without asking again and again.
///
/// Model: I/O multiplexing (UNP figure 6.3) over inotify. Beyond the course notes: a file is always
/// ready, so what is waited for is not the file but the news of it. The argument is the file.
import static dev.pollux.libc.InotifyCalls.IN_MODIFY;

import dev.pollux.descriptors.FileStream;
import dev.pollux.descriptors.Inotify;
import dev.pollux.selectors.Selector;

void main(String[] args) throws IOException {
    if (args.length != 1) {
        IO.println("usage: ./pollux example Tail FILE");
        System.exit(2);
    }
    var path = Path.of(args[0]);
    try (var news = Inotify.open();
            var file = FileChannel.open(path);
            var selector = Selector.<Void>open()) {
        news.watch(path, IN_MODIFY); // First, so that nothing is missed between the two.
        selector.register(news, Selector.READ);
        while (true) {
            show(file);
            selector.select();
            while (news.take(_ -> {}) > 0) {} // That there is news is enough.
        }
    }
}

void show(FileChannel file) throws IOException {
    if (file.size() < file.position()) {
        IO.println("(cut short: from the beginning)");
        file.position(0);
    }
    var data = ByteBuffer.allocate(65536);
    while (file.read(data.clear()) > 0) {
        FileStream.standardOutput().write(data.flip());
    }
}

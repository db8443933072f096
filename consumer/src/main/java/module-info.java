/// Depends on Pollux as any other project does.
module consumer {
    requires dev.pollux.selectors;
    requires dev.pollux.http;
}

package dev.pollux.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;

/// An echo server on Netty with one event loop thread, over its native epoll transport or over
/// `java.nio`.
public final class NettyEcho {
    private NettyEcho() {}

    /// Serves until the process is ended.
    ///
    /// @param arguments `epoll` or `nio`, then the port; 0 takes a free one
    /// @throws InterruptedException when interrupted while opening the port
    public static void main(String[] arguments) throws InterruptedException {
        switch (arguments[0]) {
            case "epoll" ->
                    serve(arguments, EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
            case "nio" -> serve(arguments, NioIoHandler.newFactory(), NioServerSocketChannel.class);
            default -> throw new IllegalArgumentException("epoll or nio, not " + arguments[0]);
        }
    }

    private static void serve(
            String[] arguments, IoHandlerFactory io, Class<? extends ServerChannel> door)
            throws InterruptedException {
        var echo = new Echo();
        var channel =
                new ServerBootstrap()
                        .group(new MultiThreadIoEventLoopGroup(1, io))
                        .channel(door)
                        .option(ChannelOption.SO_BACKLOG, Doors.BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel accepted) {
                                        accepted.pipeline().addLast(echo);
                                    }
                                })
                        .bind(Doors.address(arguments))
                        .sync()
                        .channel();
        Doors.announce(((InetSocketAddress) channel.localAddress()).getPort());
        channel.closeFuture().sync();
    }

    /// Writes what came, and flushes when nothing more is there to read. A failed write closes the
    /// connection by itself, so no future is looked at.
    @Sharable
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // A peer that went away is forgotten, as in the other servers.
        }
    }
}

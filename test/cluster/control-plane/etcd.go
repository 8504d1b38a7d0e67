package main

import (
	"errors"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
)

// newEtcdCommand serves one etcd member on a loopback URL. It does not wait for the disk: the data live no longer than
// the test.
func newEtcdCommand() *cobra.Command {
	var directory, clients, peers string
	command := &cobra.Command{
		Use:          "etcd",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			config := embed.NewConfig()
			config.Dir = directory
			config.LogLevel = "warn"
			config.UnsafeNoFsync = true
			for _, to := range []struct {
				text string
				into []*[]url.URL
			}{
				{clients, []*[]url.URL{&config.ListenClientUrls, &config.AdvertiseClientUrls}},
				{peers, []*[]url.URL{&config.ListenPeerUrls, &config.AdvertisePeerUrls}},
			} {
				parsed, err := url.Parse(to.text)
				if err != nil {
					return err
				}
				for _, urls := range to.into {
					*urls = []url.URL{*parsed}
				}
			}
			config.InitialCluster = config.InitialClusterFromName(config.Name)
			return serve(config)
		},
	}
	command.Flags().StringVar(&directory, "data-dir", "", "where the data live")
	command.Flags().StringVar(&clients, "listen-client-url", "", "the URL for kube-apiserver")
	command.Flags().StringVar(&peers, "listen-peer-url", "", "the URL for other members, of which there are none")
	for _, name := range []string{"data-dir", "listen-client-url", "listen-peer-url"} {
		_ = command.MarkFlagRequired(name)
	}
	return command
}

func serve(config *embed.Config) error {
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	select {
	case <-server.Server.ReadyNotify():
	case <-time.After(time.Minute):
		return errors.New("etcd took longer than a minute to start")
	case <-stop:
		return nil
	}
	select {
	case <-stop:
		return nil
	case err := <-server.Err():
		return err
	}
}

kubectl run asker --rm -i --restart=Never --image=busybox:1.36 -- sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do wget -qO- http://tides:8080/ >/dev/null; done'
